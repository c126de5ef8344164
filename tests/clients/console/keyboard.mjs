// A walk without a mouse: sign in, make a webhook, execute a request, close, import a file.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

/** More than any page has stops. */
const STOPS = 150

/** Presses Tab until what is wanted has the focus, which must also be seen. */
async function tabTo(page, locator, key = 'Tab') {
  for (let stop = 0; stop < STOPS; stop++) {
    if (await locator.count() && await locator.first().evaluate(one => one === document.activeElement)) return seen(page)
    await page.keyboard.press(key)
  }
  assert.fail(`${locator} cannot be reached by ${key}`)
}

/** Whether the focus is drawn: an outline, a ring, or a border that it alone brings. */
async function seen(page) {
  const drawn = await page.evaluate(() => {
    const look = () => {
      for (let one = document.activeElement, up = 0; one && up < 3; one = one.parentElement, up++) {
        const style = getComputedStyle(one)
        if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) return true
        if (style.boxShadow !== 'none') return true
      }
      return false
    }
    return look() || document.activeElement.outerHTML.slice(0, 200)
  })
  assert.equal(drawn, true, 'the focus is seen')
}

/** From the list of leads to what a file made of it. A file is chosen in a window of the system, which a test answers. */
async function importFile(visitor) {
  const { page } = visitor
  const press = key => page.keyboard.press(key)
  await press('g')
  await press('c')
  await page.getByRole('heading', { level: 1, name: 'CRM' }).waitFor()
  await visitor.settled()
  await tabTo(page, page.getByRole('link', { name: 'Import' }))
  await press('Enter')
  const panel = editor(page)
  await panel.getByLabel('CSV file').waitFor()
  await visitor.settled()
  await tabTo(page, panel.getByLabel('CSV file'))
  const asked = page.waitForEvent('filechooser')
  await press('Space')
  await (await asked).setFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from('Called,STATUS_ID\r\nBy keys alone,NEW\r\n') })
  await panel.getByText('leads.csv: 1 row').waitFor()
  await visitor.settled()
  await tabTo(page, panel.getByLabel('Field for Called'))
  await press('Enter')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.type('TITLE')
  await page.getByRole('option', { name: /TITLE$/ }).first().waitFor()
  await press('Enter')
  await tabTo(page, panel.getByRole('button', { name: 'Import 1 row' }))
  await press('Enter')
  await panel.getByText('1 of 1 rows done, 1 added, 0 not imported').waitFor()
  await visitor.settled()
  await press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /By keys alone/ }).waitFor()
  await page.getByRole('link', { name: 'Import' }).and(page.locator(':focus')).waitFor()
  console.log('OK imported a file')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  const { page } = visitor
  const press = key => page.keyboard.press(key)

  await visitor.go('/sign-in')
  assert.ok(await page.getByLabel('E-mail').evaluate(one => one === document.activeElement), 'one can type at once')
  await page.keyboard.type(ADMIN.email)
  await tabTo(page, page.getByLabel('Password', { exact: true }))
  await page.keyboard.type(ADMIN.password)
  await press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
  await visitor.settled()
  console.log('OK signed in')

  await press('g')
  await press('i')
  await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor()
  await visitor.settled()
  await tabTo(page, page.getByRole('link', { name: 'Skip to the content' }), 'Shift+Tab')
  await press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
  console.log('OK skipped to the content')

  await press('g')
  await press('u')
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
  await visitor.settled()
  await tabTo(page, page.getByRole('link', { name: 'Call the REST API' }))
  await press('Enter')
  const panel = editor(page)
  // A Tab before it is there would go to the next link, and closing would lead back to that.
  await panel.getByLabel('Name').waitFor()
  await tabTo(page, panel.getByLabel('Name'))
  await press('Control+a')
  await page.keyboard.type('By keys alone')
  await tabTo(page, panel.getByRole('button', { name: /^Method/ }))
  await press('Enter')
  await page.getByRole('listbox').getByRole('option').first().waitFor()
  await page.keyboard.type('profile')
  await page.getByRole('option', { name: /^profile/ }).waitFor()
  await press('Enter')
  await panel.getByRole('button', { name: 'Method: profile' }).waitFor()
  await press('Control+s')
  await panel.getByRole('heading', { name: 'By keys alone' }).waitFor()
  console.log('OK made a webhook')

  await tabTo(page, panel.getByRole('button', { name: 'Execute' }))
  await press('Enter')
  await panel.getByRole('region', { name: 'Response' }).getByText('200', { exact: true }).first().waitFor()
  console.log('OK executed a request')

  await press('Escape')
  await panel.waitFor({ state: 'detached' })
  assert.match(page.url(), /\/devops\/$/)
  // The focus goes back to where it was a moment after the panel is gone.
  await page.getByRole('link', { name: 'Call the REST API' }).and(page.locator(':focus')).waitFor()
  console.log('OK closed it')
  await importFile(visitor)
  await visitor.leave()
})
