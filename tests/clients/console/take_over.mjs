// Other people's webhooks: an administrator may take one over, which ends its secret; an employee sees nothing of them.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { pages } from './pages.mjs'
import { COLLEAGUE, fill } from './fill.mjs'
import { Visitor, withBrowser } from './visitor.mjs'
import { call, editor, Handler, secretOf, setUp } from './walk.mjs'

async function takeOver(admin, browser, made) {
  const ada = await (await Visitor.open(browser)).signIn(COLLEAGUE.email, COLLEAGUE.password)
  await ada.go(`/devops/edit/in-hook/${made.foreign}/`)
  const old = await secretOf(editor(ada.page), 'Webhook to call REST API')
  assert.equal((await call(old, 'profile'))[0], 200)

  const { page } = admin
  await admin.go('/devops/list/')
  await page.getByRole('row', { name: /Ada’s migration script/ }).getByText('Ada’s migration script').click()
  const panel = editor(page)
  await panel.getByText('This webhook belongs to Ada Berg').waitFor()
  assert.equal(await panel.getByRole('button', { name: 'Show' }).count(), 0, 'nothing can be shown')
  await panel.getByRole('button', { name: 'Generate new webhook and save' }).click()
  const question = page.getByRole('dialog', { name: 'Take this webhook over?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  assert.equal((await call(old, 'profile'))[0], 200, 'nothing happened yet')
  await panel.getByRole('button', { name: 'Generate new webhook and save' }).click()
  await question.getByRole('button', { name: 'Take over and generate new' }).click()
  await question.waitFor({ state: 'detached' })
  const fresh = await secretOf(panel, 'Webhook to call REST API')
  assert.deepEqual([(await call(old, 'profile'))[0], (await call(fresh, 'profile'))[1].result.ID], [401, '1'])
  console.log('OK taken over')

  await ada.go('/devops/list/')
  await ada.page.getByText('No integrations yet').waitFor()
  await ada.leave()
}

/** Everything that an employee's browser gets when every page of the console is opened. */
async function strange(browser, made, secrets) {
  const ada = await (await Visitor.open(browser)).signIn(COLLEAGUE.email, COLLEAGUE.password)
  const bodies = []
  ada.page.on('response', response => {
    if (response.request().resourceType() === 'fetch') bodies.push(response.text().catch(() => ''))
  })
  const shown = []
  for (const { path } of pages(made)) {
    await ada.go(path)
    shown.push(await ada.page.content())
  }
  const all = [...shown, ...await Promise.all(bodies)].join('\n')
  assert.ok(all.includes('Only an administrator can open this page'))
  for (const secret of secrets) assert.ok(!all.includes(secret), 'an employee saw a secret')
  for (const title of ['Website forms', 'Newsletter', 'Loading bay']) assert.ok(!all.includes(title), `an employee saw “${title}”`)
  await ada.leave()
  console.log('OK an employee sees nothing')
}

await withBrowser(async browser => {
  const handler = await Handler.start((_, url) => (url === '/down' ? 500 : 200))
  const admin = await setUp(browser, env.WELCOME)
  const made = await fill(browser, admin, handler)
  await takeOver(admin, browser, made)
  const all = await admin.api('GET', '/api/integrations?size=100')
  const shown = await Promise.all(all.integrations.map(one => admin.api('POST', `/api/integrations/${one.id}/secrets`)))
  const secrets = shown.flatMap(({ url, application_token, signing_secret }) => [url?.split('/').at(-2), application_token, signing_secret]).filter(Boolean)
  assert.ok(secrets.length >= 9)
  await admin.leave()
  await strange(browser, made, secrets)
  handler.stop()
})
