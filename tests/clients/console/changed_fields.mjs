// An outbound webhook that is told only of changes of chosen fields, chosen with the keyboard, in both languages and on a phone.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, Handler, setUp } from './walk.mjs'

async function choose(visitor, id) {
  const { page } = visitor
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Only when these fields changed' }).focus()
  await page.keyboard.press('Enter')
  for (const field of ['STAGE_ID', 'TITLE']) {
    await panel.locator('[data-only=ONCRMDEALUPDATE]').getByRole('combobox').or(panel.locator('[data-only=ONCRMDEALUPDATE] button[aria-haspopup]')).first().focus()
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Search fields').fill(field)
    await page.keyboard.press('Enter')
    await panel.getByText(field, { exact: true }).waitFor()
  }
  await panel.getByRole('button', { name: 'Remove TITLE' }).focus()
  await page.keyboard.press('Enter')
  await panel.getByText('TITLE', { exact: true }).waitFor({ state: 'detached' })
  await panel.getByRole('switch', { name: 'Tell which fields changed' }).focus()
  await page.keyboard.press('Space')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Webhook saved').first().waitFor()
  const { outbound } = await visitor.api('GET', `/api/integrations/${id}`)
  assert.deepEqual([outbound.only_fields, outbound.tell_changed], [{ ONCRMDEALUPDATE: ['STAGE_ID'] }, true])
  console.log('OK fields are chosen with the keyboard')
}

async function told(visitor, handler) {
  await visitor.api('POST', '/api/call/crm.deal.update', { id: 1, fields: { TITLE: 'No news' } })
  await visitor.api('POST', '/api/call/crm.deal.update', { id: 1, fields: { STAGE_ID: 'EXECUTING' } })
  await handler.came(1)
  const changed = [...handler.forms[0]].filter(([name]) => name.startsWith('data[CHANGED]')).map(([, value]) => value)
  assert.ok(changed.includes('STAGE_ID') && !changed.includes('TITLE'), changed.join())
  console.log('OK only a change of a chosen field is told')
}

async function phone(browser, id) {
  const visitor = await Visitor.open(browser, { locale: 'ru-RU', size: SIZES.phone })
  await visitor.go('/sign-in')
  await visitor.api('POST', '/api/session', { email: ADMIN.email, password: ADMIN.password, remember: false })
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(visitor.page)
  await panel.getByText('STAGE_ID', { exact: true }).waitFor()
  await panel.getByRole('switch', { name: 'Сообщать, какие поля изменились' }).waitFor()
  const wide = await panel.evaluate(one => one.scrollWidth > one.clientWidth)
  assert.equal(wide, false, 'it fits a phone')
  await visitor.leave()
  console.log('OK a phone shows the choice')
}

await withBrowser(async browser => {
  const handler = await Handler.start()
  const visitor = await setUp(browser, env.WELCOME)
  const outbound = { handler_url: handler.url(), events: ['ONCRMDEALADD', 'ONCRMDEALUPDATE'], retries: 'once' }
  const { id } = await visitor.api('POST', '/api/integrations', { scenario: 'out-hook', title: 'Stages', outbound })
  await choose(visitor, id)
  await told(visitor, handler)
  await phone(browser, id)
  await visitor.leave()
  handler.stop()
})
