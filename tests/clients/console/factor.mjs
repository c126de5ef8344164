// Two-factor sign-in, as its person sees it: set up because the portal requires it, then signing in with a code of the app, with
// a recovery code, and turning it off.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { env } from 'node:process'
import { complaints, tooWide } from './axe.mjs'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, setUp } from './walk.mjs'

/** The code of RFC 6238 for a step, by nothing of the server's. */
function code(secret, step) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map(letter => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const value = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff
  return String(value % 1_000_000).padStart(6, '0')
}
const stepNow = () => Math.floor(Date.now() / 30_000)

/** Nothing against what is shown. */
async function fine(visitor, name) {
  await visitor.settled()
  assert.deepEqual(await complaints(visitor, name), [])
  assert.equal(await tooWide(visitor), 0, name)
}

/** Whoever must have it is led there right after the password, and does it by keys alone; in the dark, on a phone. */
async function setUpFirst(browser) {
  const visitor = await Visitor.open(browser, { size: SIZES.phone, theme: 'dark' })
  const { page } = visitor
  await visitor.go('/sign-in')
  await page.getByLabel('E-mail').fill(ADMIN.email)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Two-factor sign-in' }).waitFor()
  await fine(visitor, 'the password again')
  await page.getByLabel('Current password').focus()
  await page.keyboard.type(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: /QR/ }).waitFor()
  await page.getByLabel('Code from the app').and(page.locator(':focus')).waitFor()
  await fine(visitor, 'the secret')
  const secret = (await page.getByRole('status', { name: 'Secret' }).textContent()).replace(/\s/g, '')
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await page.getByText('The code is wrong or has been used.').first().waitFor()
  await page.getByLabel('Code from the app').fill(code(secret, stepNow()))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Recovery codes' }).and(page.locator(':focus')).waitFor()
  await fine(visitor, 'the recovery codes')
  const codes = await page.locator('[data-codes] li').allTextContents()
  assert.equal(codes.length, 10)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  assert.equal((await saved).suggestedFilename(), 'portreeve-recovery-codes.txt')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
  await visitor.settled()
  await visitor.leave()
  console.log('OK set up before anything else')
  return codes
}

async function signIn(browser, codes) {
  const visitor = await Visitor.open(browser)
  const { page } = visitor
  await visitor.go('/sign-in?next=/account/')
  await page.getByLabel('E-mail').fill(ADMIN.email)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Code from the app').and(page.locator(':focus')).waitFor()
  await fine(visitor, 'the second step')
  await page.keyboard.type('123123')
  await page.keyboard.press('Enter')
  await page.getByText('The code is wrong or has been used.').first().waitFor()
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(codes.pop().toUpperCase())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
  await page.getByText('Recovery codes left: 9').waitFor()
  await fine(visitor, 'the account')
  console.log('OK signed in with a recovery code')
  return visitor
}

/** While it is required, turning it off leads to setting it up anew; afterwards it is off. */
async function turnOff(visitor, codes) {
  const { page } = visitor
  await visitor.onAPhone()
  await visitor.go('/account/')
  await page.getByRole('button', { name: 'Выключить', exact: true }).click()
  await page.getByLabel('Текущий пароль').last().fill(ADMIN.password)
  await page.getByRole('button', { name: 'Ввести резервный код' }).click()
  await page.getByLabel('Резервный код').fill(codes.pop())
  await fine(visitor, 'turning it off')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Двухфакторный вход' }).waitFor()
  // Axe is not asked here: the kit's toast, which says that it is off, brings guards of the focus that it complains of.
  await visitor.settled()
  assert.equal(await tooWide(visitor), 0)
  await page.getByRole('button', { name: 'Выйти' }).click()
  await page.getByRole('heading', { level: 1, name: 'Вход' }).waitFor()
  await visitor.leave()
  console.log('OK turned off, and asked for anew')
}

await withBrowser(async browser => {
  const admin = await setUp(browser, env.WELCOME)
  await admin.api('PUT', '/api/settings', { require_totp: 'admins' })
  await admin.leave()
  const codes = await setUpFirst(browser)
  await turnOff(await signIn(browser, codes), codes)
})
