// The log of deliveries: words are found, what waits is cancelled, an event is sent once to another address, and the strip above
// the list counts what the list holds.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, until, withBrowser } from './visitor.mjs'
import { ADMIN, editor, Handler, secretOf, setUp } from './walk.mjs'

const outbound = (title, handler_url, more = {}) => ({
  scenario: 'out-hook', title, outbound: { handler_url, events: ['ONCRMLEADADD', 'ONCRMLEADUPDATE'], retries: '7d', active: true, ...more }
})
const add = (visitor, TITLE) => visitor.api('POST', '/api/call/crm.lead.add', { fields: { TITLE } })
const rows = page => page.getByRole('row').filter({ hasText: 'ONCRMLEAD' })
const question = page => page.getByRole('dialog').last()

/** The log, once so many deliveries are in a state. */
const logged = (visitor, state, count) => until(`${count} deliveries to be ${state}`, async () => {
  const { deliveries } = await visitor.api('GET', `/api/deliveries?state=${state}`)
  return deliveries.length === count && deliveries
})

async function words(visitor) {
  const { page } = visitor
  await visitor.go('/devops/deliveries/')
  const box = page.getByRole('searchbox')
  await box.fill('nowhere else')
  await page.getByText('Nothing found').waitFor()
  await box.fill('storeroom')
  await rows(page).first().waitFor()
  await visitor.settled()
  assert.equal(await rows(page).count(), 1, 'what the handler answered is found')
  assert.match(page.url(), /search=storeroom/)
  await page.getByText('stands still while you search').waitFor()
  await rows(page).first().getByText('ONCRMLEADADD').click()
  const panel = editor(page)
  await panel.getByRole('tab', { name: 'Answer' }).click()
  await panel.getByText('The storeroom is closed').waitFor()
  await panel.getByText(/\d+ headers/).click()
  await panel.getByRole('row', { name: 'set-cookie ******' }).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  console.log('OK words are found, and headers shown')
}

async function strip(visitor) {
  const { page } = visitor
  await visitor.go('/devops/deliveries/')
  const bars = page.getByRole('region', { name: 'Deliveries over time' })
  const filled = bars.getByRole('button', { name: /[1-9]\d* (delivered|failed|not sent yet)/ })
  const counts = text => ['delivered', 'failed', 'cancelled', 'not sent yet'].map(word => Number(text.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0))
  const sum = text => counts(text).reduce((all, one) => all + one, 0)
  assert.equal(await filled.count(), 1)
  const hour = await filled.getAttribute('aria-label')
  // With the keyboard: the newest bar is the stop, and arrows move.
  await filled.focus()
  await page.keyboard.press('Enter')
  await bars.getByRole('button', { name: 'The last 24 hours' }).waitFor()
  await visitor.settled()
  assert.equal(await rows(page).count(), sum(hour), hour)
  const within = await bars.getByRole('button', { name: /–/ }).evaluateAll(all => all.map(one => one.getAttribute('aria-label')))
  assert.ok(within.length > 1, 'the hour in parts')
  assert.equal(within.map(sum).reduce((all, one) => all + one, 0), sum(hour))
  await bars.getByRole('button', { name: 'The last 24 hours' }).click()
  await filled.waitFor()
  assert.ok(!page.url().includes('since'))
  console.log('OK the strip and the list agree')
}

async function cancel(visitor) {
  const { page } = visitor
  const [waiting] = await logged(visitor, 'waiting', 1)
  await visitor.go('/devops/deliveries/?state=waiting')
  await rows(page).first().click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Cancel', exact: true }).click()
  await question(page).getByRole('button', { name: 'Keep' }).click()
  await panel.getByRole('button', { name: 'Cancel', exact: true }).click()
  await question(page).getByRole('button', { name: 'Cancel 1 delivery' }).click()
  await panel.getByText('Cancelled by Berit Holm').waitFor()
  await panel.getByText('Cancelled', { exact: true }).waitFor()
  assert.equal((await visitor.api('GET', `/api/deliveries/${waiting.id}`)).state, 'cancelled')

  for (const title of ['One', 'Two', 'Three']) await add(visitor, title)
  await logged(visitor, 'waiting', 3)
  await visitor.go('/devops/deliveries/?state=waiting')
  await page.getByRole('button', { name: 'Cancel all matching that wait' }).click()
  await question(page).getByRole('button', { name: 'Cancel all matching that wait' }).click()
  await page.getByText('3 deliveries were cancelled').first().waitFor()
  await page.getByText('Nothing found').waitFor()
  await logged(visitor, 'cancelled', 4)
  console.log('OK what waits is cancelled')
}

async function elsewhere(visitor, handler, other) {
  const { page } = visitor
  const [delivered] = await logged(visitor, 'delivered', 1)
  await visitor.go(`/devops/deliveries/${delivered.id}/`)
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Send to another address' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send once to another address' })
  const send = dialog.getByRole('button', { name: 'Send once' })
  assert.ok(await send.isDisabled(), 'not without an address')
  await dialog.getByLabel('Address').fill('http://10.9.8.7/in')
  await send.click()
  await dialog.getByText(/10\.9\.8\.7/).first().waitFor()
  assert.equal(other.forms.length, 0)

  await dialog.getByLabel('Address').fill(other.url('/staging'))
  await page.keyboard.press('Enter')
  await dialog.getByRole('region', { name: 'Answer' }).getByText('202', { exact: true }).waitFor()
  await other.came(1)
  const token = form => form.get('auth[application_token]')
  assert.equal(token(other.forms[0]), await secretOf(dialog, 'Application token of this request'))
  assert.notEqual(token(other.forms[0]), token(handler.forms[0]))
  assert.equal(other.forms[0].get('data[FIELDS][ID]'), handler.forms[0].get('data[FIELDS][ID]'))

  await dialog.getByLabel(/own token, signature and headers/).check()
  await dialog.getByText(/will learn the secrets of this webhook/).waitFor()
  await send.click()
  await other.came(2)
  assert.equal(token(other.forms[1]), token(handler.forms[0]))
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'detached' })
  await panel.getByText(/^Sent once to 127\.0\.0\.1:\d+ by Berit Holm/).nth(1).waitFor()
  await panel.getByText('With the webhook’s own token').waitFor()
  console.log('OK an event is sent once to another address')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const [handler, other] = [await Handler.start(), await Handler.start(() => 202)]
  const closed = await Handler.start(() => 500, { text: 'The storeroom is closed', headers: { 'set-cookie': 'id=1' } })
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const { id } = await visitor.api('POST', '/api/integrations', outbound('Newsletter', handler.url()))
  await add(visitor, 'First')
  await logged(visitor, 'delivered', 1)
  await visitor.api('POST', `/api/integrations/${id}/active`, { active: false })
  await visitor.api('POST', '/api/integrations', outbound('Warehouse', closed.url()))
  await add(visitor, 'Second')
  await closed.came(1)
  await logged(visitor, 'waiting', 1)
  await words(visitor)
  await strip(visitor)
  await cancel(visitor)
  await elsewhere(visitor, handler, other)
  await visitor.leave()
  for (const one of [handler, other, closed]) one.stop()
})
