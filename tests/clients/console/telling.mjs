// What the console has to tell: where a refused handler can be allowed, that a webhook was used or fails, that there is no
// connection, that there is no such page; and that what can be clicked can be seen.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { BASE, SIZES, Visitor, until, withBrowser } from './visitor.mjs'
import { ADMIN, call, editor, Handler, setUp } from './walk.mjs'

const inbound = (title, scopes) => ({ scenario: 'in-hook', title, inbound: { scopes }, query: { method: 'profile', params: [] } })
const outbound = (title, handler_url) => ({ scenario: 'out-hook', title, outbound: { handler_url, events: ['ONCRMLEADADD'], retries: 'once' } })

/** In both languages the field says which network, and a link leads to where it can be allowed. */
async function refusedHandlers(browser, visitor) {
  const { id } = await visitor.api('POST', '/api/integrations', outbound('Listener', `${BASE}/in`))
  for (const [locale, save, allow] of [['en-GB', 'Save', /Allow the network/], ['ru-RU', 'Сохранить', /Разрешить сеть/]]) {
    const other = await Visitor.open(browser, { locale })
    await other.go('/sign-in')
    await other.api('POST', '/api/session', { email: ADMIN.email, password: ADMIN.password, remember: false })
    await other.go(`/devops/edit/out-hook/${id}/`)
    const panel = editor(other.page)
    const url = panel.locator('input[type=url]')
    await url.fill('http://10.1.2.3/handler')
    await panel.getByRole('button', { name: save, exact: true }).click()
    const link = panel.getByRole('link', { name: allow })
    await link.waitFor()
    assert.equal(await link.getAttribute('href'), '/portal/')
    const told = await url.evaluate(input => document.getElementById(input.getAttribute('aria-describedby').split(' ').at(-1)).textContent)
    assert.match(told, /10\.0\.0\.0\/8/, locale)
    await other.leave()
  }
  await visitor.api('PUT', '/api/settings', { licence: 'expired' })
  await visitor.go('/devops/edit/out-hook/0/')
  assert.equal(await editor(visitor.page).getByRole('link', { name: /licence/ }).getAttribute('href'), '/portal/')
  await visitor.api('PUT', '/api/settings', { licence: null })
  console.log('OK a refusal leads to the settings')
}

async function use(visitor) {
  const { page } = visitor
  const { id } = await visitor.api('POST', '/api/integrations', inbound('Fresh', ['crm']))
  await visitor.go(`/devops/edit/in-hook/${id}/`)
  const panel = editor(page)
  await panel.getByText('Not used yet.').waitFor()
  await panel.getByRole('button', { name: 'Execute', exact: true }).click()
  await panel.getByRole('region', { name: 'Response' }).waitFor()
  await panel.getByText('Not used yet.').waitFor({ state: 'detached' })
  await panel.getByText('Last used').waitFor()

  const url = panel.getByRole('status', { name: 'Webhook to call REST API', exact: true })
  const shown = url.locator('xpath=..').getByRole('button', { name: 'Show' })
  await shown.click()
  await url.filter({ hasNotText: /\*{8}/ }).waitFor()
  await panel.getByRole('button', { name: 'Generate new' }).click()
  await page.getByRole('dialog').last().getByRole('button', { name: 'Continue' }).click()
  await panel.getByText(/^new URL/).waitFor()
  assert.match(await url.textContent(), /\*{8}/, 'the old URL does not stand under the new one’s promise')
  await visitor.go('/devops/')

  await visitor.go(`/devops/edit/in-hook/${id}/`)
  await visitor.context.setOffline(true)
  await panel.getByRole('button', { name: 'Execute', exact: true }).click()
  await panel.getByRole('alert').filter({ hasText: /no connection|not be reached|unreachable/i }).waitFor()
  await visitor.context.setOffline(false)
  console.log('OK what an editor says of use is true')
}

async function failures(visitor) {
  const { page } = visitor
  const handler = await Handler.start(() => 500)
  await visitor.api('POST', '/api/integrations', outbound('Warehouse', handler.url('/down')))
  const { id } = await visitor.api('POST', '/api/integrations', inbound('Website', ['crm']))
  const { url } = await visitor.api('POST', `/api/integrations/${id}/secrets`)
  await call(url, 'crm.lead.add', { fields: { TITLE: 'Enquiry' } })
  for (let n = 0; n < 3; n++) await call(url, 'crm.lead.get', { id: 999999 })
  await handler.came(1)
  await until('failures to be counted', async () => {
    const { integrations } = await visitor.api('GET', '/api/integrations')
    const row = name => integrations.find(one => one.title === name)
    return row('Warehouse').failed_24h > 0 && row('Website').errors_24h > 0
  })
  await visitor.go('/devops/list/')
  const cells = name => page.getByRole('row').filter({ hasText: name })
  await cells('Warehouse').getByText('Failing').waitFor()
  assert.match(await cells('Website').textContent(), /Active/)
  assert.equal((await cells('Website').getByRole('cell').last().textContent()).trim(), '3', 'errors are counted')
  handler.stop()
  console.log('OK the list tells what fails')
}

async function sights(browser, visitor) {
  const { page } = visitor
  await visitor.go('/devops/list/')
  await page.getByRole('button', { name: 'Collapse the sidebar' }).click()
  await page.getByRole('button', { name: 'Expand the sidebar' }).click()

  const phone = await Visitor.open(browser, { size: SIZES.phone })
  await phone.signIn(ADMIN.email, ADMIN.password)
  const { integrations } = await phone.api('GET', '/api/integrations')
  await phone.go(`/devops/edit/in-hook/${integrations.find(one => one.title === 'Website').id}/`)
  const scrolled = await editor(phone.page).evaluate(panel => [panel, ...panel.querySelectorAll('*')].map(one => one.scrollTop).filter(Boolean))
  assert.deepEqual(scrolled, [], 'an editor opens at its top')
  await phone.leave()

  const answer = await page.goto(`${BASE}/no/such/page`)
  assert.equal(answer.status(), 404)
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'To developer resources' }).click()
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
  console.log('OK what is there can be seen')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  await refusedHandlers(browser, visitor)
  await use(visitor)
  await failures(visitor)
  await sights(browser, visitor)
  await visitor.leave()
})
