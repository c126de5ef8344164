// Two people write to each other in two browsers, and a webhook writes to one of them: what each sees, what is unread, and what is read.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { complaints, tooWide } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, call, rest, setUp } from './walk.mjs'


/** Somebody new on the portal, signed in. */
async function colleague(browser, admin, options) {
  const made = await admin.api('POST', '/api/users', { email: 'ole@example.com', name: 'Ole', last_name: 'Lund', position: '', is_admin: false, departments: [1] })
  const visitor = await accept(browser, made.link, { password: 'as long as that of others' }, options)
  return { visitor, id: made.id }
}

const box = page => page.getByRole('textbox', { name: 'Message', exact: true })
const log = page => page.getByRole('log')
const dialog = (page, name) => page.getByRole('list', { name: 'Dialogs' }).getByRole('button', { name })

/** From the choice of a person to an answer; with the keyboard alone. */
async function talk(admin, ole) {
  const { page } = admin
  await admin.go('/online/')
  await page.getByLabel('Find people and chats').focus()
  await page.keyboard.type('Ole')
  await dialog(page, /Ole Lund/).waitFor()
  await dialog(page, /Notifications/).waitFor({ state: 'detached' })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Ole Lund' }).waitFor()
  await admin.settled()
  await box(page).focus()
  await page.keyboard.type('Are the chairs here?')
  await page.keyboard.press('Enter')
  await log(page).getByText('Are the chairs here?').waitFor()
  assert.equal(await box(page).inputValue(), '')

  // The other one has the page open and does nothing.
  const theirs = ole.visitor.page
  await dialog(theirs, /Berit Holm.*Are the chairs here\?.*1 unread/s).click()
  await log(theirs).getByText('Are the chairs here?').waitFor()
  await log(page).getByText('read', { exact: true }).waitFor()
  await box(theirs).fill('Since\nthis morning')
  await theirs.getByRole('button', { name: 'Send' }).click()
  await log(page).getByText('Since').waitFor()
  await log(page).getByRole('article').last().getByRole('button', { name: /^Like/ }).click()
  await log(theirs).getByRole('button', { name: 'Like; 1 person likes it' }).waitFor()
  const counters = await rest(ole.visitor, 'im.counters.get')
  assert.equal(counters.TYPE.DIALOG, 0)
  assert.deepEqual(await complaints(admin, 'a dialog'), [])
  console.log('OK two people talk, and see what is read')
}

async function webhook(admin, ole) {
  const made = await admin.api('POST', '/api/integrations', {
    scenario: 'in-hook', title: 'Robot', comment: '', query: null, outbound: null, inbound: { scopes: ['im'], active: true, expires: null, networks: [], read_only: false },
  })
  const { url } = await admin.api('POST', `/api/integrations/${made.id}/secrets`)
  const theirs = ole.visitor.page
  const [status, answer] = await call(url, 'im.message.add', { DIALOG_ID: ole.id, MESSAGE: '[b]Order 7[/b] is ready' })
  assert.equal(status, 200, JSON.stringify(answer))
  for (const page of [theirs, admin.page]) await log(page).getByText('Order 7').waitFor()
  await call(url, 'im.notify.personal.add', { USER_ID: ole.id, MESSAGE: 'Your [b]parcel[/b] came' })
  await dialog(theirs, /Notifications.*1 unread/s).click()
  await theirs.getByText('parcel').waitFor()
  await theirs.getByRole('button', { name: 'Mark all as read' }).click()
  await dialog(theirs, /^Notifications$/).waitFor()
  assert.equal((await rest(ole.visitor, 'im.counters.get')).TYPE.NOTIFY, 0)
  console.log('OK what a webhook writes is there at once')
}

/** The connection comes back after it was lost, and with it what came meanwhile. */
async function reconnect(admin, ole) {
  const theirs = ole.visitor.page
  await dialog(theirs, /Berit Holm/).click()
  await log(theirs).waitFor()
  await ole.visitor.context.setOffline(true)
  await theirs.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await rest(admin, 'im.message.add', { DIALOG_ID: ole.id, MESSAGE: 'Meanwhile' })
  await ole.visitor.context.setOffline(false)
  await log(theirs).getByText('Meanwhile').waitFor()
  console.log('OK nothing is missed while the connection is lost')
}

/** Two browsers and a webhook in one chat: both show the same in the same order, and what is unread and read. */
async function chat(admin, ole) {
  const { page } = admin
  const theirs = ole.visitor.page
  const id = await rest(admin, 'im.chat.add', { TITLE: 'Harbour', USERS: [ole.id] })
  const to = { DIALOG_ID: `chat${id}` }
  const made = await admin.api('POST', '/api/integrations', {
    scenario: 'in-hook', title: 'Crane', comment: '', query: null, outbound: null, inbound: { scopes: ['im'], active: true, expires: null, networks: [], read_only: false },
  })
  const { url } = await admin.api('POST', `/api/integrations/${made.id}/secrets`)
  for (const one of [page, theirs]) await dialog(one, /Harbour/).click()
  for (const round of [1, 2, 3]) {
    await rest(admin, 'im.message.add', { ...to, MESSAGE: `Captain ${round}` })
    await rest(ole.visitor, 'im.message.add', { ...to, MESSAGE: `Pilot ${round}` })
    await call(url, 'im.message.add', { ...to, MESSAGE: `Crane ${round}` })
  }
  const expected = [1, 2, 3].flatMap(round => [`Captain ${round}`, `Pilot ${round}`, `Crane ${round}`])
  const shown = async one => (await log(one).getByText(/^(Captain|Pilot|Crane) \d$/).allTextContents()).map(text => text.trim())
  for (const one of [page, theirs]) {
    await log(one).getByText('Crane 3').waitFor()
    assert.deepEqual(await shown(one), expected)
  }
  await log(page).getByText('read', { exact: true }).nth(5).waitFor()
  // One looks elsewhere and loses the connection; it comes back with what is unread.
  await dialog(theirs, /Berit Holm/).click()
  await ole.visitor.context.setOffline(true)
  await theirs.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await call(url, 'im.message.add', { ...to, MESSAGE: 'Crane 4' })
  await rest(admin, 'im.message.add', { ...to, MESSAGE: 'Captain 4' })
  await ole.visitor.context.setOffline(false)
  await dialog(theirs, /Harbour.*Captain 4.*2 unread/s).click()
  await log(theirs).getByText('Captain 4').waitFor()
  assert.deepEqual(await shown(theirs), [...expected, 'Crane 4', 'Captain 4'])
  await log(page).getByText('read', { exact: true }).nth(7).waitFor()
  assert.equal((await rest(ole.visitor, 'im.counters.get')).TYPE.ALL, 0)
  console.log('OK two browsers and a webhook agree about a chat')
}

/** In the other language, in the dark, on a phone. */
async function phone(ole) {
  const { visitor } = ole
  const { page } = visitor
  await visitor.onAPhone()
  await visitor.go('/online/')
  const dialogs = page.getByRole('list', { name: 'Диалоги' })
  assert.deepEqual(await complaints(visitor, 'the list'), [])
  for (const name of [/Berit Holm/, /^Уведомления/]) {
    await dialogs.getByRole('button', { name }).click()
    await visitor.settled()
    assert.deepEqual(await complaints(visitor, String(name)), [])
    assert.equal(await tooWide(visitor), 0)
    await page.getByRole('button', { name: 'К списку диалогов' }).click()
    await dialogs.waitFor()
  }
  console.log('OK a phone shows them in the dark and in Russian')
}

await withBrowser(async browser => {
  const admin = await setUp(browser, env.WELCOME)
  const ole = await colleague(browser, admin)
  await ole.visitor.go('/online/')
  await talk(admin, ole)
  await webhook(admin, ole)
  await reconnect(admin, ole)
  await chat(admin, ole)
  await phone(ole)
  await ole.visitor.leave()
  await admin.leave()
})
