// What must not happen by mistake: a dialog that cannot be closed, work that a link takes away, broken JSON sent or saved,
// records deleted unasked, a link that leads to an empty builder.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

const CTRL_ENTER = 'Control+Enter'
const question = page => page.getByRole('alertdialog').or(page.getByRole('dialog')).last()

async function closes(visitor) {
  const { page } = visitor
  const dialogs = page.getByRole('dialog')
  const ways = { Escape: () => page.keyboard.press('Escape'), 'a click outside': () => page.mouse.click(5, 5), 'Ctrl+K': () => page.keyboard.press('Control+k') }
  for (const [how, close] of Object.entries(ways)) {
    await page.keyboard.press('Control+k')
    await dialogs.getByRole('combobox').waitFor()
    await visitor.settled()
    await close()
    await dialogs.waitFor({ state: 'detached' }).catch(() => assert.fail(`the palette is not closed by ${how}`))
  }
  await page.keyboard.press('?')
  await dialogs.waitFor()
  await page.keyboard.press('Escape')
  await dialogs.waitFor({ state: 'detached' })
  console.log('OK what was opened is closed')
}

async function links(visitor) {
  const { page } = visitor
  await visitor.go('/crm/lead/list/')
  await page.getByText('crm.lead.list').first().click()
  await page.getByRole('link', { name: /request builder/ }).click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Method: crm.lead.list' }).waitFor()
  assert.ok(await panel.getByLabel('URL of the request').textContent().then(text => text.includes('crm.lead.list.json?')), 'parameters came along')
  console.log('OK a link opens the builder filled')
}

/** Types into the palette as it opens, and chooses what it finds by a click on its row. */
async function choose(page, text) {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.type(text)
  await page.getByRole('option', { name: text }).first().click()
}

async function unsavedWork(visitor) {
  const { page } = visitor
  await visitor.go('/devops/edit/in-hook/0/')
  const panel = editor(page)
  const name = panel.getByLabel('Name', { exact: true })
  const chosen = method => page.getByRole('button', { name: `Method: ${method}` }).waitFor()
  await name.waitFor()
  await choose(page, 'crm.deal.list')
  await chosen('crm.deal.list')
  await choose(page, 'crm.contact.list')
  await chosen('crm.contact.list')

  await name.fill('Half a day of work')
  await choose(page, 'crm.company.list')
  await question(page).getByRole('button', { name: 'Stay' }).click()
  assert.equal(await name.inputValue(), 'Half a day of work')
  await chosen('crm.contact.list')
  await choose(page, 'crm.company.list')
  await question(page).getByRole('button', { name: 'Close without saving' }).click()
  await chosen('crm.company.list')
  assert.notEqual(await name.inputValue(), 'Half a day of work')

  await visitor.go('/portal/')
  const days = page.getByLabel('Days of deliveries')
  await days.fill('17')
  await page.getByRole('link', { name: 'Deliveries' }).click()
  await question(page).getByRole('button', { name: 'Stay' }).click()
  assert.equal(await days.inputValue(), '17')

  await visitor.api('POST', '/api/roles', { name: 'Sales' })
  await visitor.api('POST', '/api/roles', { name: 'Support' })
  await page.getByRole('link', { name: 'CRM roles' }).first().click()
  await question(page).getByRole('button', { name: 'Close without saving' }).click()
  await page.getByRole('button', { name: 'Sales', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).fill('Sales abroad')
  await page.getByRole('button', { name: 'Support', exact: true }).click()
  await question(page).getByRole('button', { name: 'Stay' }).click()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Sales abroad')
  await visitor.go('/devops/')
  console.log('OK no link takes unsaved work away')
}

async function deletions(visitor) {
  const { page } = visitor
  const sent = []
  const made = (title, method, params) => visitor.api('POST', '/api/integrations', { scenario: 'in-hook', title, inbound: { scopes: ['crm'] }, query: { method, params } })
  const one = await made('Clean up', 'crm.lead.delete', [['id', '3']])
  const many = await made('Clean up at once', 'batch', [['cmd[a]', 'crm.lead.list'], ['cmd[b]', 'crm.lead.delete?id=3']])
  page.on('request', request => {
    const { pathname } = new URL(request.url())
    if (/^\/rest\/|^\/api\/integrations\/\d+$/.test(pathname) && request.method() !== 'GET') sent.push(`${request.method()} ${pathname}`)
  })
  await visitor.go(`/devops/edit/in-hook/${one.id}/`)
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Method: crm.lead.delete' }).waitFor()
  await panel.getByRole('tab', { name: 'JSON' }).click()
  const json = panel.getByLabel('Parameters as JSON')
  await json.fill('{"id": 3}')
  await json.fill('{"id": 99999')
  const execute = panel.getByRole('button', { name: 'Execute', exact: true })
  assert.ok(await execute.isDisabled(), 'broken JSON is not sent')
  assert.ok(await panel.getByRole('button', { name: 'Save', exact: true }).isDisabled(), 'broken JSON is not saved')
  await json.press(CTRL_ENTER)
  await json.press('Control+s')
  await visitor.settled()
  assert.equal(await page.getByText('Execute crm.lead.delete?').count(), 0)

  await json.fill('{"id": 3}')
  await execute.click()
  await question(page).getByRole('button', { name: 'Cancel' }).click()
  await json.press(CTRL_ENTER)
  await question(page).filter({ hasText: 'crm.lead.delete' }).getByRole('button', { name: 'Cancel' }).click()

  await visitor.go(`/devops/edit/in-hook/${many.id}/`)
  await execute.click()
  await question(page).filter({ hasText: 'crm.lead.delete' }).getByRole('button', { name: 'Cancel' }).click()
  await visitor.settled()
  assert.deepEqual(sent, [], 'nothing was sent')
  const { result } = await visitor.api('POST', '/api/call/crm.lead.get', { id: 3 })
  assert.equal(result.ID, '3')
  console.log('OK nothing is sent or deleted by mistake')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  visitor.page.on('dialog', dialog => dialog.accept())
  for (const part of [closes, links, unsavedWork, deletions]) await part(visitor)
  await visitor.leave()
})
