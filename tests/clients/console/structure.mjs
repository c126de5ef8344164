// The structure: departments are found, made, moved, described and deleted, people taken in and out; an employee looks only.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, ADMIN, rest, setUp } from './walk.mjs'

const departments = async visitor => Object.fromEntries((await rest(visitor, 'department.get')).map(one => [one.NAME, one]))
const node = (page, name) => page.getByRole('treeitem', { name })

async function built(visitor) {
  const { page } = visitor
  await visitor.go('/company/structure/')
  // By keys alone: down to Sales, whose head stands there, and a department below it.
  await node(page, /^▾?\s*Company/).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 2, name: 'Sales' }).waitFor()
  assert.match(page.url(), /department=2/)
  await node(page, /Sales.*Ines Vogel.*People: 2/).waitFor()
  await page.getByRole('button', { name: 'Add below' }).press('Enter')
  await page.getByLabel('Name', { exact: true }).fill('Wholesale')
  await page.getByLabel('What it is for').fill('Sells to shops')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 2, name: 'Wholesale' }).waitFor()
  await page.getByText('Company › Sales', { exact: true }).waitFor()
  await visitor.settled()
  assert.equal((await departments(visitor)).Wholesale.PARENT, '2')
  console.log('OK a department is made below another one')
}

async function moved(visitor) {
  const { page } = visitor
  await page.getByRole('button', { name: /^Above it/ }).click()
  await page.getByRole('option', { name: /Support/ }).click()
  await page.getByLabel('Name', { exact: true }).fill('Shops')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Company › Support', { exact: true }).waitFor()
  const all = await departments(visitor)
  assert.equal(all.Shops.PARENT, '3')
  const found = await visitor.api('POST', '/api/call/humanresources.node.get', { id: Number(all.Shops.ID), select: ['description'] })
  assert.equal(found.result.item.description, 'Sells to shops', 'what it is for stays')
  await page.reload()
  await page.getByRole('heading', { level: 2, name: 'Shops' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('shop')
  await node(page, /Sales/).waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('treeitem').count(), 3, 'with those above it')
  await visitor.go(`/company/structure/?department=${all.Shops.ID}`)
  console.log('OK a department is renamed, moved and found')
}

async function peopled(visitor) {
  const { page } = visitor
  const people = page.getByRole('region', { name: 'People' })
  await people.getByText('Nobody works here yet. Add the first person below.').waitFor()
  for (const name of ['Ines Vogel', 'Berit Holm']) {
    await people.getByRole('button', { name: /^Add a person/ }).click()
    await page.getByRole('option', { name }).click()
    await people.getByRole('listitem').filter({ hasText: name }).waitFor()
  }
  await people.getByRole('link', { name: 'berit@example.com' }).waitFor()
  await people.getByRole('button', { name: 'Actions for Ines Vogel' }).click()
  await page.getByRole('menuitem', { name: 'Make head' }).click()
  await people.getByRole('listitem').filter({ hasText: /Ines Vogel\s*Head/ }).waitFor()
  await node(page, /Shops.*Ines Vogel/).waitFor()
  await people.getByRole('button', { name: 'Actions for Berit Holm' }).click()
  await page.getByRole('menuitem', { name: 'Take out of the department' }).click()
  await people.getByRole('listitem').filter({ hasText: 'Berit Holm' }).waitFor({ state: 'detached' })
  await visitor.settled()
  const { Shops } = await departments(visitor)
  assert.equal(Shops.UF_HEAD, '2')
  const there = await rest(visitor, 'user.get', { FILTER: { UF_DEPARTMENT: Shops.ID } })
  assert.deepEqual(there.map(one => one.ID), ['2'])
  await people.getByRole('link', { name: 'Write to Ines Vogel' }).click()
  await page.waitForURL(/IM_DIALOG=2/)
  console.log('OK people are taken in and out, and one is the head')
  return Shops.ID
}

async function seen(browser, visitor, id) {
  const { link } = await visitor.api('POST', '/api/users', { email: 'jan@example.com', name: 'Jan', last_name: 'Berg', position: '', is_admin: false, departments: [1] })
  const jan = await accept(browser, link, { password: ADMIN.password })
  const { page } = jan
  await jan.go(`/company/structure/?department=${id}`)
  await page.getByText('Sells to shops').waitFor()
  await page.getByRole('region', { name: 'People' }).getByText('Ines Vogel').waitFor()
  for (const name of ['New department', 'Save', 'Delete', 'Add below']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
  assert.equal(await page.getByRole('button', { name: /^Actions for/ }).count(), 0)
  await look(jan, [`/company/structure/?department=${id}`])
  await jan.leave()
  console.log('OK an employee looks and changes nothing')
}

async function deleted(visitor, id) {
  const { page } = visitor
  await visitor.go(`/company/structure/?department=${id}`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Delete the department “Shops”?' }).getByRole('button', { name: 'Delete', exact: true }).click()
  await node(page, /Shops/).waitFor({ state: 'detached' })
  await visitor.settled()
  assert.equal((await departments(visitor)).Shops, undefined)
  await visitor.go('/company/structure/?department=999')
  await page.getByText('This does not exist or was deleted.').waitFor()
  console.log('OK a department is deleted')
}

const looks = visitor => look(visitor, ['/company/structure/', '/company/structure/?department=2', '/company/structure/?department=new&above=2'])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  await built(visitor)
  await moved(visitor)
  const id = await peopled(visitor)
  await seen(browser, visitor, id)
  await deleted(visitor, id)
  await looks(visitor)
  await visitor.onAPhone()
  await looks(visitor)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
