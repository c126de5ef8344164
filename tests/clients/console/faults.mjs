// Faults and the clock: an administrator adds a rule by keyboard and sees a call fail by it, every page says so, and one click ends
// it; a frozen clock is shown and let go on. On a phone, in the dark and in Russian as well.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, setUp } from './walk.mjs'

const banner = page => page.getByRole('region', { name: 'What is bent for tests' })

async function add(visitor, url) {
  const { page } = visitor
  await visitor.go('/devops/faults/')
  await page.getByText('No fault rules').waitFor()
  await page.getByLabel('Methods').focus()
  await page.keyboard.type('crm.lead.*')
  await page.getByLabel('Error', { exact: true }).selectOption({ label: 'QUERY_LIMIT_EXCEEDED (503)' })
  await page.getByLabel('Times at most').focus()
  await page.keyboard.type('1')
  await page.keyboard.press('Enter')
  await page.getByText('Rule 1').waitFor()
  await banner(page).getByText('A fault rule is on').waitFor()
  const refused = await page.request.post(`${url}crm.lead.list`, { data: {} })
  assert.equal(refused.status(), 503)
  assert.equal((await page.request.post(`${url}crm.lead.list`, { data: {} })).status(), 200)
  await visitor.go('/devops/calls/?failed=true')
  await page.getByRole('row').filter({ hasText: 'crm.lead.list' }).click()
  await page.getByText('Fault rule 1 hit this call').waitFor()
  console.log('OK a rule is added and hits')
}

async function end(visitor) {
  const { page } = visitor
  await visitor.go('/crm/lead/list/')
  await banner(page).getByRole('button', { name: 'End all faults' }).click()
  await banner(page).waitFor({ state: 'detached' })
  assert.deepEqual((await visitor.api('GET', '/api/faults')).faults, [])
  console.log('OK one click ends it')
}

async function clock(visitor) {
  const { page } = visitor
  await visitor.api('PUT', '/api/clock', { frozen: true })
  await visitor.go('/company/')
  await banner(page).getByText('frozen at').waitFor()
  await banner(page).getByRole('button', { name: 'Let it go on' }).click()
  await banner(page).getByText('shifted').waitFor()
  await banner(page).getByRole('button', { name: "Back to the machine's time" }).click()
  await banner(page).waitFor({ state: 'detached' })
  console.log('OK the clock is shown and let go on')
}

async function onAPhone(visitor) {
  await visitor.api('POST', '/api/faults', { method: 'crm.*', effect: { kind: 'half' }, every: 2 })
  await visitor.api('PUT', '/api/clock', { frozen: true })
  await look(visitor, ['/devops/calls/', '/devops/faults/'])
  await visitor.onAPhone()
  await look(visitor, ['/devops/calls/', '/devops/faults/'])
  await visitor.page.getByText('Часы портала остановлены на').waitFor()
  await visitor.page.getByRole('button', { name: 'Отключить правило 2' }).click()
  await visitor.page.getByText('Правил сбоев нет').waitFor()
  console.log('OK on a phone, in the dark, in Russian')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const inbound = { scenario: 'in-hook', title: 'Shop', inbound: { scopes: ['crm'], active: true } }
  const { id } = await visitor.api('POST', '/api/integrations', inbound)
  const { url } = await visitor.api('POST', `/api/integrations/${id}/secrets`)
  await add(visitor, url)
  await end(visitor)
  await clock(visitor)
  await onAPhone(visitor)
  await visitor.leave()
})
