// A portal from its first start to an event that arrived, as somebody new to it does it.
//
// WELCOME is the link that the server printed, CREST what stands for CRest's crest.php, JS and PYTHON where the published
// clients are, CA the portal's authority. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { BASE, Visitor, withBrowser, within } from './visitor.mjs'
import { ADMIN, call, editor, Handler, secretOf } from './walk.mjs'

const NASTY = `it's "quoted" & $HOME 日本 #1`

async function firstRun(browser) {
  const visitor = await Visitor.open(browser, { acceptDownloads: true })
  const { page } = visitor
  await page.goto(env.WELCOME)
  await page.getByRole('heading', { name: 'Create the administrator' }).waitFor()
  assert.equal(page.url(), `${BASE}/sign-in`, 'the code is no longer in the address')
  await page.getByLabel('E-mail').fill(ADMIN.email)
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name)
  await page.getByLabel('Last name').fill(ADMIN.last_name)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.getByText('Load demo data').click()
  await page.getByRole('button', { name: 'Create and sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()

  const late = await Visitor.open(browser)
  await late.page.goto(env.WELCOME)
  await late.page.getByText('This link has already been used').waitFor()
  await late.signIn(ADMIN.email, ADMIN.password)
  await late.leave()
  console.log('OK first run')
  return visitor
}

async function inbound({ page }) {
  await page.getByRole('link', { name: 'Third-party system integration' }).click()
  await page.getByRole('link', { name: 'Add leads' }).click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  await panel.getByRole('button', { name: 'Save', exact: true }).waitFor()
  assert.match(page.url(), /\/devops\/edit\/in-hook\/\d+\/$/)
  assert.match(await panel.getByRole('status', { name: 'Webhook to call REST API' }).textContent(), /\*{6}/)
  const hook = await secretOf(panel, 'Webhook to call REST API')
  assert.match(hook, /\/rest\/1\/[0-9a-z]{16}\/$/)
  assert.equal((await call(hook, 'profile'))[0], 200)
  console.log('OK an inbound webhook from a scenario')
  return hook
}

async function request({ page }, hook) {
  const panel = editor(page)
  await panel.getByLabel(/^Value of fields\[TITLE\]$/i).fill(NASTY)
  await panel.getByRole('button', { name: 'Execute' }).click()
  const answer = panel.getByRole('region', { name: 'Response' })
  await answer.getByText('200', { exact: true }).first().waitFor()
  const [, found] = await call(hook, 'crm.lead.list', { filter: { TITLE: NASTY }, select: ['ID'] })
  assert.equal(found.total, 1)
  await answer.getByText(found.result[0].ID).first().waitFor()

  // A method is found by words of what it does; an unsaved request is executed as it stands.
  await choose(page, 'contact list', 'crm.contact.list')
  await panel.getByRole('button', { name: 'Execute' }).click()
  await answer.getByText(/of \d+/).first().waitFor()
  await choose(page, 'crm.lead.add', 'crm.lead.add')
  await panel.getByLabel(/^Value of fields\[TITLE\]$/i).fill(NASTY)
  console.log('OK a request built and executed')
}

/** Finds a method by words, in the panel's list of them. */
async function choose(page, words, method) {
  await editor(page).getByRole('button', { name: /^Method/ }).click()
  await page.getByPlaceholder('Name or words: contact list').fill(words)
  await page.getByRole('option', { name: method }).first().click()
  await editor(page).getByRole('button', { name: `Method: ${method}` }).waitFor()
}

/** What is needed to run each archive, beside what is in it. */
const PROGRAMS = {
  'PHP (CRest)': async folder => {
    await copyFile(env.CREST, join(folder, 'crest.php'))
    return ['php', `-dcurl.cainfo=${env.CA}`, 'index.php']
  },
  JavaScript: async folder => {
    await symlink(join(env.JS, 'node_modules'), join(folder, 'node_modules'))
    return ['node', 'index.mjs']
  },
  Python: async () => [env.PYTHON, 'call.py']
}

async function examples({ page }, hook) {
  const panel = editor(page)
  // A webhook that was just created shows its example.
  await panel.getByLabel('with my secret').check()
  for (const [language, prepare] of Object.entries(PROGRAMS)) {
    await panel.getByRole('tab', { name: language }).or(panel.getByRole('button', { name: language })).click()
    const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: 'download example' }).click()])
    const folder = await mkdtemp(join(tmpdir(), 'portreeve-example-'))
    await download.saveAs(join(folder, 'example.zip'))
    await run(folder, ['python3', '-m', 'zipfile', '-e', 'example.zip', '.'])
    const [unpacked] = (await readdir(folder)).filter(name => name !== 'example.zip')
    const inside = join(folder, unpacked)
    const [, before] = await call(hook, 'crm.lead.list', { filter: { TITLE: NASTY } })
    const said = await run(inside, await prepare(inside))
    const [, after] = await call(hook, 'crm.lead.list', { filter: { TITLE: NASTY }, order: { ID: 'DESC' }, select: ['ID'] })
    assert.equal(after.total, before.total + 1, said)
    assert.ok(said.includes(after.result[0].ID), said)
    await rm(folder, { recursive: true })
    console.log(`OK the example in ${language.split(' ')[0]} ran`)
  }
}

async function run(folder, [program, ...words]) {
  const trust = { SSL_CERT_FILE: env.CA, NODE_EXTRA_CA_CERTS: env.CA }
  const child = spawn(program, words, { cwd: folder, env: { ...env, ...trust } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => { said += part })
  const [code] = await within(() => `${program}, which said: ${said}`, once(child, 'close'), 120_000)
  assert.equal(code, 0, `${program}: ${said}`)
  return said
}

async function outbound({ page }, handler) {
  await page.goto(`${BASE}/devops/section/standard/`)
  await page.getByRole('link', { name: 'Outbound webhook' }).click()
  const panel = editor(page)
  await panel.getByLabel('Your handler URL').fill(handler.url())
  await panel.getByPlaceholder('Search events').fill('lead')
  await panel.getByLabel('ONCRMLEADUPDATE').check()
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  const first = await secretOf(panel, 'Application token')
  await panel.getByRole('button', { name: 'Generate new' }).click()
  const question = page.getByRole('dialog', { name: 'Generate a new token and signing secret?' })
  await question.getByRole('button', { name: 'Continue' }).click()
  await question.waitFor({ state: 'detached' })
  await panel.getByLabel('Old secrets hold for').selectOption('Not at all: replace at once')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('button', { name: 'Generate new' }).waitFor()
  const token = await secretOf(panel, 'Application token')
  assert.notEqual(token, first)
  console.log('OK an outbound webhook')
  return token
}

/** One window shows the deliveries while a lead is changed in another. */
async function delivery(visitor, handler, token) {
  const { page } = visitor
  await page.goto(`${BASE}/devops/deliveries/`)
  await page.getByText('No events yet').waitFor()
  const other = await visitor.window()
  await other.goto(`${BASE}/crm/lead/details/1/`)
  const panel = editor(other)
  await panel.getByLabel('Lead name').fill('Changed by hand')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await handler.came(1)
  const [form] = handler.forms
  assert.equal(form.get('event'), 'ONCRMLEADUPDATE')
  assert.equal(form.get('data[FIELDS][ID]'), '1')
  assert.equal(form.get('auth[application_token]'), token)
  await other.close()

  const row = page.getByRole('row', { name: /ONCRMLEADUPDATE/ })
  await row.getByText('Delivered').waitFor()
  console.log('OK a delivery appeared by itself')

  await row.getByText('ONCRMLEADUPDATE').click()
  await editor(page).getByRole('button', { name: 'Send again' }).click()
  await page.getByRole('dialog', { name: 'Send again?' }).getByRole('button', { name: /again/i }).click()
  await handler.came(2)
  assert.deepEqual([...handler.forms[1]], [...form], 'as it was then')
  await editor(page).getByText('Attempt 2').waitFor()
  console.log('OK a delivery sent again')
}

await withBrowser(async browser => {
  const handler = await Handler.start()
  const visitor = await firstRun(browser)
  const hook = await inbound(visitor)
  await request(visitor, hook)
  await examples(visitor, hook)
  const token = await outbound(visitor, handler)
  await delivery(visitor, handler, token)
  await visitor.leave()
  handler.stop()
})
