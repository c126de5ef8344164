// Open channels: a line is made, its queue and settings changed by the declared form; dialogs are taken up, passed on, opened and
// ended; an employee looks at lines and changes nothing.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, ADMIN, editor, rest, setUp } from './walk.mjs'

const line = (visitor, id) => rest(visitor, 'imopenlines.config.get', { CONFIG_ID: id })

async function made(visitor) {
  const { page } = visitor
  await visitor.go('/contact_center/')
  await page.getByRole('row', { name: /Web site.*The least busy operator.*Berit Holm, Ines Vogel/ }).waitFor()
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Name').fill('Shop')
  for (const name of ['Berit Holm', 'Ines Vogel']) {
    await panel.getByRole('button', { name: /^Operators/ }).click()
    await page.getByRole('option', { name }).click()
    await panel.getByRole('list', { name: 'Operators' }).getByRole('link', { name }).waitFor()
  }
  await panel.getByRole('button', { name: 'Move Ines Vogel up' }).press('Enter')
  await panel.getByLabel('Who gets a dialog').selectOption({ label: 'Operators in their order' })
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Shop' }).waitFor()
  await visitor.settled()
  const [id] = /\d+/.exec(new URL(page.url()).pathname)
  const shop = await line(visitor, id)
  assert.deepEqual([shop.QUEUE_TYPE, shop.QUEUE, shop.ACTIVE], ['strictly', ['2', '1'], 'Y'])
  console.log('OK a line is made with its queue')
  return id
}

async function set(visitor, id) {
  const { page } = visitor
  const panel = editor(page)
  await panel.getByText('Greeting', { exact: true }).click()
  await panel.getByLabel('Greet with a text').check()
  await panel.getByLabel('Text of the greeting').fill('Welcome to the shop')
  await panel.getByLabel('When the bot joins').selectOption({ label: 'In the first dialog' })
  await panel.getByText('Times to answer', { exact: true }).click()
  await panel.getByLabel('Seconds for the first answer').fill('30')
  await panel.getByRole('button', { name: 'Remove Berit Holm' }).click()
  await page.keyboard.press('Control+s')
  await panel.waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /Shop.*Ines Vogel/ }).waitFor()
  const shop = await line(visitor, id)
  assert.deepEqual([shop.WELCOME_MESSAGE, shop.WELCOME_MESSAGE_TEXT, shop.WELCOME_BOT_JOIN, shop.KPI_FIRST_ANSWER_TIME, shop.QUEUE], ['Y', 'Welcome to the shop', 'first', '30', ['2']])
  assert.equal(shop.CRM, 'Y', 'other settings stay')
  console.log('OK settings are changed by the declared form')
}

async function talked(visitor) {
  const { page } = visitor
  await visitor.go('/contact_center/dialogs/')
  const clara = page.getByRole('row', { name: /clara/ })
  await clara.getByText('Berit Holm').waitFor()
  await clara.getByRole('link', { name: 'Lead 131' }).waitFor()
  await clara.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Keep with me' }).click()
  await clara.getByText('kept').waitFor()
  await clara.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Transfer' }).click()
  const dialog = page.getByRole('dialog', { name: /^Transfer/ })
  await dialog.getByRole('button', { name: /^To a person/ }).click()
  await page.getByRole('option', { name: 'Ines Vogel' }).click()
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  await clara.waitFor({ state: 'detached' })
  await visitor.settled()
  const { chat } = await rest(visitor, 'imopenlines.session.history.get', { CHAT_ID: 13 })
  assert.equal(Number(chat[13].owner ?? chat[13].ownerId), 2, 'it is another operator’s')
  console.log('OK a dialog is kept, and transferred')
}

async function ended(visitor) {
  const { page } = visitor
  const { chatId } = await rest(visitor, 'imopenlines.session.open', { USER_CODE: 'livechat|2|site|nora' })
  await rest(visitor, 'im.message.add', { CHAT_ID: chatId, MESSAGE: 'Good morning!' })
  await visitor.go('/contact_center/dialogs/')
  const nora = page.getByRole('row', { name: /nora/ })
  await nora.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Take up' }).click()
  await visitor.settled()
  await nora.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'End', exact: true }).click()
  await page.getByRole('dialog', { name: /^End “/ }).getByRole('button', { name: 'End', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await visitor.settled()
  // Over is over: a second end is refused, and said.
  await nora.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'End', exact: true }).click()
  await page.getByRole('dialog', { name: /^End “/ }).getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText(/ACCESS_DENIED/).waitFor()
  await nora.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`IM_DIALOG=chat${chatId}`))
  await page.getByRole('log').waitFor()
  console.log('OK a dialog is taken up, ended, and read in its chat')
}

async function seen(browser, visitor, id) {
  const { link } = await visitor.api('POST', '/api/users', { email: 'jan@example.com', name: 'Jan', last_name: 'Berg', position: '', is_admin: false, departments: [1] })
  const jan = await accept(browser, link, { password: ADMIN.password })
  const { page } = jan
  await jan.go('/contact_center/')
  await page.getByRole('row', { name: /Shop/ }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'New line' }).count(), 0)
  await jan.go(`/contact_center/lines/${id}/`)
  await page.getByText('Only administrators change open channels.').waitFor()
  assert.equal(await editor(page).getByLabel('Name', { exact: true }).isDisabled(), true)
  for (const name of ['Save', 'Delete']) assert.equal(await editor(page).getByRole('button', { name, exact: true }).count(), 0, name)
  await jan.go('/contact_center/dialogs/')
  await page.getByText('You are in no dialogs with clients.').waitFor()
  await look(jan, [`/contact_center/lines/${id}/`, '/contact_center/dialogs/'])
  await jan.leave()
  console.log('OK an employee looks and changes nothing')
}

async function deleted(visitor, id) {
  const { page } = visitor
  const remove = async name => {
    await editor(page).getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('dialog', { name: `Delete “${name}”?` }).getByRole('button', { name: 'Delete', exact: true }).click()
  }
  // A line with open dialogs stays, and says why.
  await visitor.go('/contact_center/lines/1/')
  await remove('Web site')
  await page.getByText('The open channel has dialogs that have not ended').waitFor()
  await visitor.go(`/contact_center/lines/${id}/`)
  await remove('Shop')
  await page.getByRole('row', { name: /Shop/ }).waitFor({ state: 'detached' })
  await visitor.go(`/contact_center/lines/${id}/`)
  await page.getByText('There is no such line.').waitFor()
  console.log('OK a line is deleted')
}

const looks = async visitor => {
  await look(visitor, ['/contact_center/', '/contact_center/lines/1/', '/contact_center/lines/0/', '/contact_center/dialogs/'])
}

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const id = await made(visitor)
  await set(visitor, id)
  await talked(visitor)
  await ended(visitor)
  await seen(browser, visitor, id)
  await deleted(visitor, id)
  await looks(visitor)
  await visitor.onAPhone()
  await looks(visitor)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
