// The way back in for who forgot the password, by an e-mail. One half asks for it, the other one follows its link.
//
// WELCOME is the link that a new server printed; LINK that of the e-mail, for the second half.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, setUp } from './walk.mjs'

const NEW = 'an even longer one than that'

async function ask(browser) {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser, { size: SIZES.phone })
  const { page } = visitor
  await visitor.go('/sign-in')
  // By keys alone.
  await page.getByRole('button', { name: /forgot/i }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('E-mail').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(ADMIN.email)
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: /e-mail|link/i }).waitFor()
  await visitor.leave()
  console.log('OK asked for a link')
}

async function follow(browser) {
  const visitor = await Visitor.open(browser)
  const { page } = visitor
  await page.goto(env.LINK)
  await page.getByLabel(/password/i).first().fill(NEW)
  const again = page.getByLabel(/again|repeat/i)
  if (await again.count()) await again.fill(NEW)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
  await visitor.settled()
  const other = await Visitor.open(browser)
  await other.signIn(ADMIN.email, NEW)
  await other.leave()
  const late = await Visitor.open(browser)
  await late.page.goto(env.LINK)
  await late.page.getByText(/used|no longer|not valid|expired|does not exist/i).first().waitFor()
  await late.leave()
  await visitor.leave()
  console.log('OK signed in with the new password')
}

await withBrowser(browser => env.LINK ? follow(browser) : ask(browser))
assert.ok(true)
