// The log of calls: a call appears while somebody watches, a refused one says what to do, and a call is opened in the request
// builder.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

const inbound = title => ({ scenario: 'in-hook', title, inbound: { scopes: ['crm'], active: true } })
const row = (page, text) => page.getByRole('row').filter({ hasText: text })

async function watch(visitor, url) {
  const { page } = visitor
  await visitor.go('/devops/calls/')
  await page.getByText('No calls yet').waitFor()
  await page.request.post(`${url}crm.lead.add.json`, { data: { fields: { TITLE: 'Lighthouse', PASSWORD: 'hidden' } } })
  await row(page, 'crm.lead.add').getByText('200').waitFor()
  await page.request.post(`${url}tasks.task.get`, { data: { taskId: 1 } })
  await row(page, 'tasks.task.get').getByText('insufficient_scope').waitFor()
  console.log('OK calls appear as they come')
}

async function explain(visitor) {
  const { page } = visitor
  await page.getByRole('searchbox').fill('tasks')
  await row(page, 'crm.lead.add').waitFor({ state: 'detached' })
  assert.match(page.url(), /method=tasks/)
  await row(page, 'tasks.task.get').click()
  const panel = editor(page)
  await panel.getByText('does not have the permission task').waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  console.log('OK a refusal says what to do')
}

async function again(visitor) {
  const { page } = visitor
  await visitor.go('/devops/calls/?method=lead')
  await row(page, 'crm.lead.add').click()
  const panel = editor(page)
  await panel.getByText('"Lighthouse"').waitFor()
  assert.equal(await panel.getByText('hidden').count(), 0)
  await panel.getByRole('link', { name: 'Open in the request builder' }).click()
  await panel.getByRole('textbox', { name: 'Name' }).first().waitFor()
  assert.match(await panel.getByLabel('URL of the request').textContent(), /crm\.lead\.add/)
  console.log('OK a call opens in the request builder')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const { id } = await visitor.api('POST', '/api/integrations', inbound('Shop'))
  const { url } = await visitor.api('POST', `/api/integrations/${id}/secrets`)
  await watch(visitor, url)
  await explain(visitor)
  await again(visitor)
  await visitor.leave()
})
