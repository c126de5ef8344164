// Files: a folder, files by button and by drop, a look at them, versions, names, places, links, and the trash.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { editor, rest as call, setUp } from './walk.mjs'

const names = async (visitor, folder) => (await call(visitor, 'disk.folder.getChildren', { id: folder })).map(one => one.NAME)
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

async function menu(page, name, item) {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

async function uploaded(visitor) {
  const { page } = visitor
  await visitor.go('/docs/')
  await page.getByRole('button', { name: 'New folder' }).click()
  const dialog = page.getByRole('dialog', { name: 'New folder' })
  await dialog.getByLabel('Name').fill('Plans')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Plans' }).click()
  await page.getByText('Nothing here yet').waitFor()
  const folder = new URL(page.url()).searchParams.get('folder')
  await page.locator('input[type=file]').first().setInputFiles([
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Twelve lamps') },
    { name: 'pixel.png', mimeType: 'image/png', buffer: PIXEL },
    { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 7) }
  ])
  await page.getByRole('row', { name: /large\.bin/ }).getByText('3 MB').waitFor()
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['Dropped'], 'notes.txt'))
    return data
  })
  await page.getByRole('table', { name: 'Files' }).dispatchEvent('drop', { dataTransfer: dropped })
  await page.getByRole('row', { name: /notes \(1\)\.txt/ }).waitFor()
  await visitor.settled()
  assert.deepEqual((await names(visitor, folder)).sort(), ['large.bin', 'notes (1).txt', 'notes.txt', 'pixel.png'])
  await page.getByRole('button', { name: 'Hide those that are done' }).click()
  console.log('OK files are uploaded by button and by drop')
  return folder
}

async function looked(visitor) {
  const { page } = visitor
  await page.getByRole('link', { name: 'pixel.png' }).click()
  const panel = editor(page)
  await panel.getByRole('img', { name: 'Preview of pixel.png' }).waitFor()
  assert.equal(await panel.getByRole('img', { name: 'Preview of pixel.png' }).evaluate(image => image.naturalWidth), 1)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await visitor.settled()
  await page.getByRole('link', { name: 'notes.txt', exact: true }).click()
  await panel.getByText('Twelve lamps').waitFor()
  await panel.locator('input[type=file]').setInputFiles({ name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.from('Ten lamps') })
  await panel.getByText('Ten lamps').waitFor()
  await panel.getByText('Version 2').waitFor()
  await panel.getByRole('button', { name: 'Restore this one' }).click()
  await panel.getByText('Version 3').waitFor()
  await panel.getByText('Twelve lamps').waitFor()
  await panel.getByRole('button', { name: 'Public link' }).click()
  const link = await panel.getByText(/\/rest\/download\//).textContent()
  const { pathname, search } = new URL(link.trim())
  assert.equal(await page.evaluate(path => fetch(path, { credentials: 'omit' }).then(answer => answer.text()), pathname + search), 'Twelve lamps')
  await page.keyboard.press('Escape')
  await visitor.settled()
  console.log('OK files are looked at, and their versions come back')
}

async function moved(visitor, folder) {
  const { page } = visitor
  await menu(page, 'notes (1).txt', 'Rename')
  const rename = page.getByRole('dialog', { name: 'Rename “notes (1).txt”' })
  await rename.getByLabel('Name').fill('pixel.png')
  await page.keyboard.press('Enter')
  await rename.getByText('A file with this name already exists').waitFor()
  await rename.getByLabel('Name').fill('dropped.txt')
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /dropped\.txt/ }).waitFor()
  await menu(page, 'dropped.txt', 'Move or copy')
  await page.getByRole('dialog').getByRole('button', { name: 'Move here' }).click()
  await page.getByRole('row', { name: /dropped\.txt/ }).waitFor({ state: 'detached' })
  await visitor.settled()
  assert.ok(!(await names(visitor, folder)).includes('dropped.txt'))
  await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link').first().click()
  await page.getByRole('row', { name: /dropped\.txt/ }).waitFor()
  await page.locator('[data-filter] input, input[data-filter]').fill('pixel')
  await page.getByRole('row', { name: /pixel\.png/ }).waitFor()
  assert.equal(await page.getByRole('row').count(), 2)
  console.log('OK files are named, moved and found')
}

async function trashed(visitor, folder) {
  const { page } = visitor
  await visitor.go('/docs/')
  await menu(page, 'Plans', 'Move to the trash')
  await page.getByRole('row', { name: /Plans/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Trash' }).click()
  await page.getByText('What was deleted stays here for 30 days.').waitFor()
  await menu(page, 'Plans', 'Restore')
  await page.getByRole('row', { name: /Plans/ }).waitFor({ state: 'detached' })
  assert.equal((await names(visitor, folder)).length, 3)
  await page.getByRole('button', { name: 'Files' }).click()
  await menu(page, 'dropped.txt', 'Move to the trash')
  await page.getByRole('row', { name: /dropped\.txt/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Trash' }).click()
  await menu(page, 'dropped.txt', 'Delete for good')
  await page.getByRole('dialog', { name: /Delete “dropped\.txt” for good/ }).getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('row', { name: /dropped\.txt/ }).waitFor({ state: 'detached' })
  console.log('OK the trash gives back and forgets')
}

const looks = (visitor, folder) => look(visitor, ['/docs/', `/docs/?folder=${folder}`, '/docs/?trash=1', '/docs/file/4/'])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const folder = await uploaded(visitor)
  await looked(visitor)
  await moved(visitor, folder)
  await trashed(visitor, folder)
  await looks(visitor, folder)
  await visitor.onAPhone()
  await looks(visitor, folder)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
