// The first steps on the first page, as somebody new takes them: a webhook, its curl line, the call, a handler, the event. Axe
// looks at every state in light and dark, and nothing is wider than the narrowest phone.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { env } from 'node:process'
import { promisify } from 'node:util'
import { complaints, tooWide } from './axe.mjs'
import { BASE, SIZES, until, Visitor, withBrowser, within } from './visitor.mjs'
import { accept, call, editor, Handler, secretOf, setUp } from './walk.mjs'

const NARROW = { width: 320, height: 640 }
const LISTS = 'The curl line that lists leads'
const ADDS = 'The curl line that adds a lead'

const section = page => page.getByRole('region', { name: 'First steps' })
/** The states of the steps, as whoever cannot see them is told. */
const states = async page => (await section(page).locator('ol > li > div > h3').allTextContents()).map(text => text.split(': ')[1]).join(' ')
const reach = (page, wanted) => until(`the steps to be ${wanted}`, async () => await states(page) === wanted)

/** Runs a line as it was copied. */
async function run(line) {
  const { stdout } = await within(line.replace(/[0-9a-z]{16}/, '…'), promisify(execFile)('sh', ['-c', `${line} --silent --show-error`]))
  return JSON.parse(stdout)
}

/** Anybody can read and use it as it is now. */
async function look(visitor, name) {
  const { page } = visitor
  // As long as it says that something was done, the kit has elements for the focus that axe complains of.
  await page.locator('span[aria-hidden="true"][tabindex="0"]').first().waitFor({ state: 'detached' })
  await visitor.settled()
  const found = await complaints(visitor, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await visitor.settled()
  found.push(...await complaints(visitor, `${name} in dark`, ['color-contrast', 'link-in-text-block']))
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(NARROW)
  await visitor.settled()
  if (await tooWide(visitor) > 0) found.push(`${name}: wider than ${NARROW.width} px`)
  await page.setViewportSize(SIZES.desk)
  await visitor.settled()
  assert.deepEqual(found, [])
}

async function webhook(visitor) {
  const { page } = visitor
  assert.equal(await states(page), 'now later later later later')
  await look(visitor, 'at the beginning')
  await section(page).getByRole('link', { name: 'Make a webhook' }).click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Method: crm.lead.list' }).waitFor()
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  await panel.waitFor({ state: 'detached' })
  assert.equal(page.url(), `${BASE}/devops/`)
  await reach(page, 'done now later later later')
  await section(page).getByRole('link', { name: 'Inbound webhook' }).and(page.locator(':focus')).waitFor()
  console.log('OK made a webhook')
}

async function firstCall(visitor) {
  const { page } = visitor
  assert.match(await section(page).getByRole('status', { name: LISTS }).textContent(), /^curl "http.+\/rest\/1\/\*{16}\/crm\.lead\.list\.json"/)
  const line = await secretOf(section(page), LISTS)
  const [, secret] = line.match(/\/rest\/1\/([0-9a-z]{16})\//)
  assert.ok(!(await page.content()).includes(secret), 'what was hidden again is gone')
  assert.ok(!(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).includes(secret), 'and was never kept')
  await look(visitor, 'before the first call')
  assert.ok(Array.isArray((await run(line)).result))
  const came = section(page).getByRole('list', { name: 'The latest calls' }).getByRole('listitem')
  await came.filter({ hasText: 'crm.lead.list' }).getByText('200', { exact: true }).waitFor()
  await section(page).getByRole('status').filter({ hasText: 'A call arrived: crm.lead.list, 200' }).waitFor({ state: 'attached' })
  await reach(page, 'done done done now later')
  console.log('OK the call arrived')
}

async function handlerMade(visitor, handler) {
  const { page } = visitor
  await section(page).getByText('portreeve listen --events ONCRMLEADADD', { exact: true }).waitFor()
  await look(visitor, 'before the handler')
  await section(page).getByRole('link', { name: 'Make an outbound webhook' }).click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Remove ONCRMLEADADD' }).waitFor()
  await panel.getByLabel('Your handler URL').fill(handler.url())
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  await panel.waitFor({ state: 'detached' })
  await reach(page, 'done done done done now')
  console.log('OK made a handler')
}

async function event(visitor, handler) {
  const { page } = visitor
  await look(visitor, 'before the event')
  assert.ok((await run(await secretOf(section(page), ADDS))).result > 0)
  await handler.came(1)
  assert.equal(handler.forms[0].get('event'), 'ONCRMLEADADD')
  const came = section(page).getByRole('list', { name: 'The latest events' }).getByRole('listitem')
  await came.filter({ hasText: 'ONCRMLEADADD' }).getByText('Delivered').waitFor()
  await section(page).getByRole('status').filter({ hasText: 'An event: ONCRMLEADADD, Delivered' }).waitFor({ state: 'attached' })
  await reach(page, 'done done done done done')
  await look(visitor, 'at the end')
  await section(page).getByRole('link', { name: 'ONCRMLEADADD' }).click()
  await editor(page).getByText('Attempt 1').waitFor()
  await page.keyboard.press('Escape')
  await editor(page).waitFor({ state: 'detached' })
  console.log('OK the event arrived')
}

/** Whoever has gone through them sees them no more, unless they are asked for. */
async function putAway(visitor) {
  const { page } = visitor
  const again = page.getByRole('button', { name: 'Show the first steps' })
  await section(page).waitFor()
  await visitor.turn('/devops/list/')
  await visitor.turn('/devops/')
  await again.waitFor()
  assert.equal(await section(page).count(), 0)
  await again.press('Enter')
  await section(page).getByRole('heading', { name: 'First steps' }).and(page.locator(':focus')).waitFor()
  assert.equal(await states(page), 'done done done done done')
  await section(page).getByRole('button', { name: 'Put away' }).press('Enter')
  await again.and(page.locator(':focus')).waitFor()
  await visitor.go('/devops/')
  await again.waitFor()
  assert.equal(await section(page).count(), 0)
  console.log('OK put away and brought back')
}

/** Where an outbound webhook cannot be made, the step says why; and a refused call says what to do. */
async function obstacles(admin, browser) {
  const { link } = await admin.api('POST', '/api/users', { email: 'ada@example.com', name: 'Ada', last_name: 'Berg', departments: [] })
  await admin.api('PUT', '/api/settings', { outbound_per_employee: 0 })
  const ada = await accept(browser, link, { password: 'a word of a colleague' })
  const { page } = ada
  assert.equal(await states(page), 'now later later later later')
  const { id } = await ada.api('POST', '/api/integrations', { scenario: 'in-hook', title: 'Hers', inbound: { scopes: ['crm'] } })
  const { url } = await ada.api('POST', `/api/integrations/${id}/secrets`)
  assert.equal((await call(url, 'tasks.task.get', { taskId: 1 }))[0], 401)
  await section(page).getByText('does not have the permission task').waitFor()
  await ada.go('/devops/')
  assert.equal(await states(page), 'done done done now later')
  await section(page).getByText('Employees cannot make outbound webhooks on this portal.').waitFor()
  await admin.api('PUT', '/api/settings', { outbound_per_employee: 1 })
  await ada.go('/devops/')
  const { user } = await ada.api('GET', '/api/session')
  await section(page).getByText(`portreeve listen --events ONCRMLEADADD --owner ${user.id}`, { exact: true }).waitFor()
  await admin.api('PUT', '/api/settings', { licence: 'expired' })
  await ada.go('/devops/')
  await section(page).getByText('Outbound webhooks need an active licence.').waitFor()
  assert.equal(await section(page).getByRole('link', { name: 'Make an outbound webhook' }).count(), 0)
  await look(ada, 'without a licence')
  await ada.leave()
  console.log('OK it is said why there can be no handler')
}

await withBrowser(async browser => {
  const handler = await Handler.start()
  const visitor = await setUp(browser, env.WELCOME)
  await visitor.page.evaluate(() => globalThis.portreeveTestSame = true)
  await webhook(visitor)
  await firstCall(visitor)
  await handlerMade(visitor, handler)
  await event(visitor, handler)
  assert.ok(await visitor.page.evaluate(() => globalThis.portreeveTestSame), 'nothing was loaded anew')
  await putAway(visitor)
  await obstacles(visitor, browser)
  await visitor.leave()
  handler.stop()
})
