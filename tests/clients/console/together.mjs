// What somebody does in two tabs, and what leaves the console as a file: nothing is lost without a word.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

const PERMISSIONS = ['crm', 'user']

/** Opens an integration in a tab of its own. */
async function opened(visitor, id) {
  const page = await visitor.window()
  await page.goto(`${env.BASE}/devops/edit/in-hook/${id}/`)
  const panel = editor(page)
  await panel.getByLabel('Name', { exact: true }).waitFor()
  return { page, panel, name: panel.getByLabel('Name', { exact: true }), save: panel.getByRole('button', { name: 'Save', exact: true }) }
}

async function twoTabs(visitor) {
  const make = scopes => visitor.api('POST', '/api/integrations', { scenario: 'in-hook', title: 'Ours', inbound: { scopes } })
  const saved = async id => visitor.api('GET', `/api/integrations/${id}`)
  const { id } = await make(PERMISSIONS)
  const [first, second, third] = [await opened(visitor, id), await opened(visitor, id), await opened(visitor, id)]
  await first.panel.getByRole('button', { name: /^Remove Users/ }).click()
  await first.save.click()
  await first.panel.getByRole('button', { name: /^Remove Users/ }).waitFor({ state: 'detached' })
  await first.page.getByText('Webhook saved').first().waitFor()

  await second.name.fill('Mine')
  await second.save.click()
  await second.panel.getByText(/changed this elsewhere/).waitFor()
  assert.deepEqual((await saved(id)).inbound.scopes, ['crm'], 'the permission that was taken away stays away')
  await second.panel.getByRole('button', { name: 'Load the saved one' }).click()
  await second.panel.getByText(/changed this elsewhere/).waitFor({ state: 'detached' })
  assert.equal(await second.name.inputValue(), 'Ours')

  await third.name.fill('Mine after all')
  await third.save.click()
  await third.panel.getByRole('button', { name: 'Save mine over it' }).click()
  await third.page.getByText('Webhook saved').first().waitFor()
  assert.equal((await saved(id)).title, 'Mine after all')
  for (const { page } of [first, second, third]) await page.close()
  console.log('OK two tabs do not overwrite each other')
}

/** What else is edited in the console: where it stands, what opens it, and the field that two tabs change. */
async function forms(visitor) {
  await visitor.api('POST', '/api/roles', { name: 'Sales' })
  return [
    { path: '/company/personal/user/1/', field: page => page.getByLabel('Position', { exact: true }) },
    { path: '/crm/lead/details/1/', field: page => page.getByLabel('Source information', { exact: true }) },
    { path: '/portal/', field: page => page.getByLabel('Days of deliveries', { exact: true }), values: ['31', '32', '33', '34'] },
    { path: '/company/structure/', open: page => page.getByRole('treeitem').first().click(), field: page => page.getByLabel('Name', { exact: true }) },
    { path: '/company/roles/', open: page => page.locator('main li').last().getByRole('button').click(), field: page => page.getByLabel('Name', { exact: true }) }
  ]
}

/** Two tabs at one form: the second save asks which is to be. */
async function everyForm(visitor) {
  for (const { path, open = () => {}, field, values = ['Ours', 'Mine', 'Theirs', 'Mine after all'] } of await forms(visitor)) {
    const tab = async () => {
      const page = await visitor.window()
      await page.goto(`${env.BASE}${path}`)
      await visitor.settled(page)
      await open(page)
      await field(page).waitFor()
      return page
    }
    const save = page => page.getByRole('button', { name: 'Save', exact: true }).click()
    const told = page => page.getByRole('alert').filter({ hasText: 'after you opened', has: page.getByRole('button') })
    const change = async (page, value) => {
      await field(page).fill(value)
      await save(page)
    }
    const [first, second] = [await tab(), await tab()]
    await change(first, values[0])
    await first.getByText(/saved/i).first().waitFor()
    await change(second, values[1])
    await told(second).getByRole('button', { name: 'Load the saved one' }).click()
    await told(second).waitFor({ state: 'detached' })
    // The question is gone before the answer is there.
    await visitor.settled(second)
    assert.equal(await field(second).inputValue(), values[0], path)

    await change(second, values[2])
    await second.getByText(/saved/i).first().waitFor()
    await change(first, values[3])
    await told(first).getByRole('button', { name: 'Save mine over it' }).click()
    await told(first).waitFor({ state: 'detached' })
    const third = await tab()
    assert.equal(await field(third).inputValue(), values[3], path)
    for (const page of [first, second, third]) await page.close()
  }
  console.log('OK two tabs ask at every form')
}

async function wholeFile(visitor) {
  const { page } = visitor
  const titles = Array.from({ length: 130 }, (_, at) => `Sheet ${at}`)
  for (const title of titles) await visitor.api('POST', '/api/call/crm.lead.add', { fields: { TITLE: title } })
  const { total } = await visitor.api('POST', '/api/call/crm.lead.list', {})
  await visitor.go('/crm/lead/list/')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()])
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n').filter(Boolean)
  assert.equal(lines.length, total + 1, 'a line for each lead, and the head')
  for (const title of titles) assert.equal(lines.filter(line => line.includes(`${title},`)).length, 1, title)
  console.log('OK a file holds every page')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser, { acceptDownloads: true })
  await visitor.signIn(ADMIN.email, ADMIN.password)
  await twoTabs(visitor)
  await everyForm(visitor)
  await wholeFile(visitor)
  await visitor.leave()
})
