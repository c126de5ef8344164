// Lists: a new one with fields and sections, elements written by its form, found, sorted, changed and deleted.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { editor, rest, setUp } from './walk.mjs'

const call = (visitor, method, params = {}) => rest(visitor, method, { IBLOCK_TYPE_ID: 'lists', ...params })

async function made(visitor) {
  const { page } = visitor
  await visitor.go('/lists/')
  await page.getByRole('row', { name: /Equipment on loan/ }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'New list' }).getByLabel('Name').fill('Rooms')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Rooms' }).waitFor()
  const list = /lists\/(\d+)\//.exec(page.url())[1]
  for (const [name, type, choices] of [['Seats', 'Number'], ['Floor', 'Choice', 'First\nSecond'], ['Free from', 'Date'], ['Plan', 'File'], ['Notes', 'Long text']]) {
    await page.getByRole('button', { name: 'New field' }).click()
    const dialog = page.getByRole('dialog', { name: 'New field' })
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel('Type').selectOption({ label: type })
    if (choices) await dialog.getByLabel('Choices').fill(choices)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await page.getByRole('button', { name: 'New section' }).click()
  await page.getByRole('dialog', { name: 'New section' }).getByLabel('Name').fill('Upstairs')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await visitor.settled()
  const fields = Object.values(await call(visitor, 'lists.field.get', { IBLOCK_ID: list }))
  assert.deepEqual(fields.map(field => field.TYPE), ['NAME', 'N', 'L', 'S:Date', 'F', 'S:HTML'])
  console.log('OK a list is made with fields and a section')
  return { list, fields }
}

async function filled(visitor, { list, fields }) {
  const { page } = visitor
  const write = async (name, seats) => {
    await visitor.go(`/lists/${list}/`)
    await page.keyboard.press('n')
    const panel = editor(page)
    await panel.getByLabel('Name').fill(name)
    await panel.getByLabel('Seats').fill(seats)
    await panel.getByLabel('Floor').selectOption({ label: 'Second' })
    await panel.getByLabel('Free from').fill('2036-12-31')
    await panel.getByLabel('Plan').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('A door') })
    await panel.getByLabel('Section').selectOption({ label: 'Upstairs' })
    await page.keyboard.press('Control+s')
    await panel.getByRole('heading', { level: 1, name }).waitFor()
    await panel.getByRole('link', { name: 'Plan: file 1' }).waitFor()
    await visitor.settled()
  }
  await write('Blue room', '12')
  await write('Red room', '4')
  const panel = editor(page)
  await panel.getByLabel('Seats').fill('5')
  await page.keyboard.press('Control+s')
  await visitor.settled()
  await panel.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':disabled')).waitFor()
  await panel.getByRole('link', { name: 'Plan: file 1' }).waitFor()
  const [red] = await call(visitor, 'lists.element.get', { IBLOCK_ID: list, FILTER: { NAME: 'Red room' } })
  const value = number => Object.values(red[fields[number].FIELD_ID])[0]
  assert.deepEqual([value(1), value(3), red.IBLOCK_SECTION_ID !== null], ['5', '12/31/2036', true])
  const path = await panel.getByRole('link', { name: 'Plan: file 1' }).getAttribute('href')
  assert.equal(await page.evaluate(path => fetch(path).then(answer => answer.text()), path), 'A door', 'a file that nobody touched stays')
  console.log('OK elements are written by the form of the list')
  return red.ID
}

async function found(visitor, { list }, id) {
  const { page } = visitor
  await visitor.go(`/lists/${list}/`)
  const first = () => page.getByRole('row').nth(1).textContent()
  await page.getByRole('button', { name: 'Seats' }).click()
  await visitor.settled()
  assert.match(await first(), /Red room.*5.*Second/)
  await page.getByRole('button', { name: 'Seats' }).click()
  await visitor.settled()
  assert.match(await first(), /Blue room.*12/)
  await page.keyboard.press('/')
  await page.keyboard.type('red')
  await page.getByRole('row', { name: /Blue room/ }).waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('row').count(), 2)
  await visitor.go(`/lists/${list}/element/${id}/`)
  await editor(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Delete “Red room”?' }).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('row', { name: /Red room/ }).waitFor({ state: 'detached' })
  console.log('OK elements are sorted, found and deleted')
}

const looks = (visitor, { list }) => look(visitor, ['/lists/', `/lists/${list}/`, `/lists/${list}/element/0/`, '/lists/1/element/1/'])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const rooms = await made(visitor)
  const id = await filled(visitor, rooms)
  await found(visitor, rooms, id)
  await looks(visitor, rooms)
  await visitor.onAPhone()
  await looks(visitor, rooms)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
