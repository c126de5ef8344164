// What must not happen by mistake: a dialog that cannot be closed, broken JSON sent or saved, a record deleted unasked, a link
// that leads to an empty builder.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const { page } = visitor

  const dialogs = page.getByRole('dialog')
  const ways = { Escape: () => page.keyboard.press('Escape'), 'a click outside': () => page.mouse.click(5, 5), 'Ctrl+K': () => page.keyboard.press('Control+k') }
  for (const [how, close] of Object.entries(ways)) {
    await page.keyboard.press('Control+k')
    await dialogs.getByRole('combobox').waitFor()
    await close()
    await dialogs.waitFor({ state: 'detached' }).catch(() => assert.fail(`the palette is not closed by ${how}`))
  }
  await page.keyboard.press('?')
  await dialogs.waitFor()
  await page.keyboard.press('Escape')
  await dialogs.waitFor({ state: 'detached' })
  console.log('OK what was opened is closed')

  await visitor.go('/crm/lead/list/')
  await page.getByText('crm.lead.list').first().click()
  await page.getByRole('link', { name: /request builder/ }).click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Method: crm.lead.list' }).waitFor()
  assert.ok(await panel.getByLabel('URL of the request').textContent().then(text => text.includes('crm.lead.list.json?')), 'parameters came along')
  console.log('OK a link opens the builder filled')

  await visitor.go(`/devops/edit/in-hook/0/?method=crm.lead.delete&params=${encodeURIComponent('[["id","3"]]')}`)
  await panel.getByRole('button', { name: 'Method: crm.lead.delete' }).waitFor()
  await panel.getByRole('tab', { name: 'JSON' }).click()
  await panel.getByLabel('Parameters as JSON').fill('{"id": 99999')
  const execute = panel.getByRole('button', { name: /xecute/ })
  assert.ok(await execute.isDisabled(), 'broken JSON is not sent')
  assert.ok(await panel.getByRole('button', { name: 'Create', exact: true }).isDisabled(), 'broken JSON is not saved')
  await page.keyboard.press('Control+Enter')
  await panel.getByLabel('Parameters as JSON').fill('{"id": 3}')
  await execute.click()
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog')).filter({ hasText: 'crm.lead.delete' }).last()
  await question.getByRole('button', { name: 'Cancel' }).click()
  const { result } = await visitor.api('POST', '/api/call/crm.lead.get', { id: 3 })
  assert.equal(result.ID, '3', 'nothing was deleted unasked')
  console.log('OK nothing is sent or deleted by mistake')
  await visitor.leave()
})
