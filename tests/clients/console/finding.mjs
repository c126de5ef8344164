// Finding a method and a permission among all of them.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser, within } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

const texts = options => options.evaluateAll(all => all.map(one => one.querySelector('[data-slot=itemLabel]').textContent.trim()))

async function methods({ page }, catalogue) {
  const panel = editor(page)
  const options = page.getByRole('listbox').getByRole('option')
  await panel.getByRole('button', { name: /^Method/ }).click()
  await options.first().waitFor()
  assert.match((await texts(options)).find(name => name !== 'profile'), /^crm\.lead\./, 'CRM comes first after what is chosen')
  await page.getByText('CRM · crm.lead', { exact: true }).waitFor()
  const apart = await options.first().evaluate(one => {
    const box = slot => one.querySelector(`[data-slot=${slot}]`).getBoundingClientRect()
    return box('itemDescription').top - box('itemLabel').bottom
  })
  assert.ok(apart >= 0, `name and description overlap by ${-apart} pixels`)

  const search = page.getByPlaceholder('Name or words: contact list')
  await search.fill('crm.')
  const named = catalogue.methods.filter(one => one.method.startsWith('crm.')).map(one => one.method)
  const found = await page.getByRole('status').filter({ hasText: 'found' }).textContent()
  assert.ok(Number(found.replace(/\D/g, '')) >= named.length, found)
  const all = page.getByRole('listbox')
  for (let seen = 0; seen < await options.count();) {
    seen = await options.count()
    await options.last().scrollIntoViewIfNeeded()
    await within('the list to be drawn', all.evaluate(list => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))))
  }
  const shown = await texts(options)
  assert.deepEqual(named.filter(name => !shown.includes(name)), [], 'every method can be reached')

  await search.fill('crm.contact')
  const before = await texts(options)
  await search.fill('crm.contact.')
  const after = await texts(options)
  assert.deepEqual(before.filter(name => after.includes(name)), after, 'what stays, stays in its order')
  await search.fill('crm.contact.list')
  await page.getByRole('option', { name: 'crm.contact.list' }).first().click()
  await panel.getByLabel(/^Value of (select|filter|order)/i).first().waitFor()
  console.log('OK every method is found')
}

async function permissions({ page }, catalogue) {
  const panel = editor(page)
  const options = page.getByRole('listbox').getByRole('option')
  await panel.getByRole('button', { name: /^Add a permission/ }).click()
  await options.first().waitFor()
  assert.match((await texts(options))[0], /\((crm|user)\)$/)
  const codes = new Set(catalogue.methods.map(one => one.scope))
  for (let seen = 0; seen < await options.count();) {
    seen = await options.count()
    await options.last().scrollIntoViewIfNeeded()
    await within('the page to be drawn', page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))))
  }
  const code = (await texts(options)).at(-1).match(/\(([^)]+)\)$/)[1]
  assert.ok(!codes.has(code), `${code} opens methods and stands last`)
  console.log('OK permissions are in a useful order')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const catalogue = await visitor.api('GET', '/api/catalogue')
  await visitor.go('/devops/edit/in-hook/0/')
  await methods(visitor, catalogue)
  await permissions(visitor, catalogue)
  await visitor.leave()
})
