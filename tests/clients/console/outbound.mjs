// What an owner does about an outbound webhook: resumes it and decides about held events, renews its secrets with an overlap,
// has events kept for pick-up; and what a banner and the list say while a handler fails.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { SIZES, Visitor, until, withBrowser } from './visitor.mjs'
import { ADMIN, call, editor, Handler, secretOf, setUp } from './walk.mjs'

const outbound = (title, handler_url, more = {}) => ({
  scenario: 'out-hook', title, outbound: { handler_url, events: ['ONCRMLEADADD'], active: true, ...more }
})
const add = (visitor, TITLE) => visitor.api('POST', '/api/call/crm.lead.add', { fields: { TITLE } })
const dialog = (page, name) => page.getByRole('dialog', { name })

/** Pauses it, has three events held, and opens the question that comes before it is resumed. */
async function paused(visitor, id) {
  await visitor.api('POST', `/api/integrations/${id}/active`, { active: false })
  for (const title of ['One', 'Two', 'Three']) await add(visitor, title)
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(visitor.page)
  await panel.getByText('3 events are held.').waitFor()
  await panel.getByRole('button', { name: 'Resume…' }).click()
  const asked = dialog(visitor.page, 'Resume sending?')
  await asked.getByText(/3 events are held/).waitFor()
  return asked
}

const effect = (asked, sent, dropped) => asked.getByRole('status').filter({ hasText: `${sent} sent, ${dropped} dropped` }).waitFor()
const resume = async (visitor, asked) => {
  await asked.getByRole('button', { name: 'Resume', exact: true }).click()
  await asked.waitFor({ state: 'detached' })
  await visitor.settled()
}

async function resuming(visitor, handler) {
  const { id } = await visitor.api('POST', '/api/integrations', outbound('Newsletter', handler.url()))
  let asked = await paused(visitor, id)
  await effect(asked, 3, 0)
  await asked.getByRole('button', { name: 'Cancel' }).click()
  assert.equal((await visitor.api('GET', `/api/integrations/${id}/held`)).held, 3, 'nothing happens before it is decided')
  await editor(visitor.page).getByRole('button', { name: 'Resume…' }).click()
  await effect(asked, 3, 0)
  await resume(visitor, asked)
  await handler.came(3)

  asked = await paused(visitor, id)
  await asked.getByLabel('Held events').selectOption('Drop them')
  await effect(asked, 0, 3)
  await resume(visitor, asked)
  assert.equal((await visitor.api('GET', `/api/integrations/${id}/held`)).held, 0)

  asked = await paused(visitor, id)
  await asked.getByLabel('Held events').selectOption('Send only those since a moment')
  // From the first one on, which is what it proposes; and after all of them.
  await effect(asked, 3, 0)
  await asked.getByLabel('Since').fill('2035-01-01T00:00')
  await effect(asked, 0, 3)
  await asked.getByLabel('Since').fill('2020-01-01T00:00')
  await effect(asked, 3, 0)
  await resume(visitor, asked)
  await handler.came(6)
  assert.equal(handler.forms.length, 6, 'what was dropped never came')
  console.log('OK held events are sent, sent since a moment, or dropped')
}

async function overlap(visitor, handler) {
  const { page } = visitor
  const { id } = await visitor.api('POST', '/api/integrations', outbound('Shop', handler.url('/shop')))
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(page)
  const before = await secretOf(panel, 'Application token')
  await panel.getByRole('button', { name: 'Generate new' }).click()
  const asked = dialog(page, 'Generate a new token and signing secret?')
  await asked.getByRole('button', { name: 'Continue' }).click()
  await asked.waitFor({ state: 'detached' })
  await panel.getByLabel('Old secrets hold for').selectOption('7 days')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByText('Old secrets still hold').waitFor()
  const after = await secretOf(panel, 'Application token')
  assert.notEqual(after, before)
  const token = async () => {
    const count = handler.forms.length
    await add(visitor, 'Enquiry')
    const own = () => handler.forms.slice(count).find(form => form.get('auth[application_token]'))
    await until('the event', async () => own())
    return own().get('auth[application_token]')
  }
  await visitor.api('DELETE', `/api/integrations/${(await visitor.api('GET', '/api/integrations?search=Newsletter')).integrations[0].id}`)
  assert.equal(await token(), before, 'the old one holds')
  await panel.getByRole('button', { name: 'End now' }).click()
  await panel.getByText('Old secrets still hold').waitFor({ state: 'detached' })
  assert.equal(await token(), after)
  await visitor.api('DELETE', `/api/integrations/${id}`)
  console.log('OK old and new secrets overlap')
}

async function pickup(visitor) {
  const { page } = visitor
  // A scenario that has both parts.
  const { sections } = await visitor.api('GET', '/api/scenarios')
  const both = sections.flatMap(section => section.scenarios).find(one => one.events.length > 0 && one.code !== 'out-hook')
  const { id } = await visitor.api('POST', '/api/integrations', { scenario: both.code, title: 'Behind a firewall', inbound: { scopes: ['crm'] } })
  await visitor.go(`/devops/edit/in-hook/${id}/`)
  const panel = editor(page)
  const listens = panel.getByRole('switch', { name: 'Tell a handler about events, too' })
  if (!await listens.isChecked()) await listens.click()
  await panel.getByLabel('Keep for pick-up').check()
  assert.equal(await panel.getByLabel('Your handler URL').count(), 0, 'nobody is asked for an address')
  await panel.getByPlaceholder('Search events').fill('lead')
  await panel.getByLabel('ONCRMLEADADD').check()
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByText(/Events are kept until the inbound webhook/).waitFor()
  await add(visitor, 'Kept')
  const { url } = await visitor.api('POST', `/api/integrations/${id}/secrets`)
  const [, answer] = await call(url, 'event.offline.get')
  assert.deepEqual(answer.result.events.map(one => one.EVENT_NAME), ['ONCRMLEADADD'])
  console.log('OK events are kept for pick-up')
}

/** One handler fails; its owner and the administrator are told on every page, until they close it. */
async function troubles(browser, visitor) {
  const { page } = visitor
  const handler = await Handler.start(() => 410)
  const { id } = await visitor.api('POST', '/api/integrations', outbound('Warehouse', handler.url('/down')))
  await add(visitor, 'Enquiry')
  await handler.came(1)
  await until('the webhook to be switched off', async () => (await visitor.api('GET', '/api/alerts')).troubles.length === 1)
  for (const options of [{}, { size: SIZES.phone, theme: 'dark' }]) {
    const other = await Visitor.open(browser, options)
    await other.signIn(ADMIN.email, ADMIN.password)
    const banner = other.page.getByRole('region', { name: 'Handlers that fail' }).or(other.page.locator('.troubles')).first()
    await banner.getByRole('link', { name: 'Warehouse' }).waitFor()
    assert.match((await banner.textContent()).replace(/\s+/g, ' '), /was switched off\. The handler answered 410 Gone and receives no more events\. · since /)
    const height = (await banner.boundingBox()).height
    assert.ok(height < 160, `the banner leaves room for the page: ${height} px`)
    await banner.getByRole('button').first().click()
    await banner.waitFor({ state: 'detached' })
    await other.leave()
  }
  await visitor.go('/devops/list/')
  const row = page.getByRole('row').filter({ hasText: 'Warehouse' })
  await row.getByText('Switched off').waitFor()
  const shade = one => one.evaluate(element => getComputedStyle(element).backgroundColor)
  assert.notEqual(await shade(row), await shade(page.getByRole('row').filter({ hasText: 'Behind a firewall' })), 'the row stands out')
  await visitor.api('DELETE', `/api/integrations/${id}`)
  handler.stop()
  console.log('OK somebody is told')
}

async function settings(visitor) {
  const { page } = visitor
  await visitor.go('/portal/')
  await page.getByLabel('Days of deliveries').waitFor()
  const mail = page.getByRole('button', { name: /^E-mail/ })
  assert.equal(await page.getByLabel('Mail server').count(), 0, 'what is seldom needed is folded')
  await mail.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Mail server').fill('mail.example.com')
  await mail.click()
  await page.getByLabel('Mail server').waitFor()
  await page.getByLabel('Mail server').fill('')
  await page.getByLabel('Mail server').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Alerts about/ }).click()
  await page.getByLabel('Minutes of failures').waitFor()
  console.log('OK the settings are short')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const handler = await Handler.start()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  await resuming(visitor, handler)
  await overlap(visitor, handler)
  await pickup(visitor)
  await troubles(browser, visitor)
  await settings(visitor)
  await visitor.leave()
  handler.stop()
})
