// The calendar: an event is made, changed and deleted, one of a series is moved, and an invitation is answered.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, ADMIN, editor, rest as call, setUp } from './walk.mjs'

const DAY = '2036-06-16'
const june = visitor => call(visitor, 'calendar.event.get', { type: 'user', from: '2036-06-01', to: '2036-06-30' })

async function made(visitor) {
  const { page } = visitor
  await visitor.go(`/calendar/?day=${DAY}`)
  await page.getByRole('heading', { level: 2, name: 'June 2036' }).waitFor()
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Name').fill('Talk with the supplier')
  await panel.getByLabel('From').fill(`${DAY}T10:00`)
  await panel.getByLabel('To', { exact: true }).fill(`${DAY}T11:30`)
  await panel.getByLabel('Place').fill('Kitchen')
  await panel.getByLabel('Repeat').selectOption({ label: 'By weeks' })
  await panel.getByLabel('Mon', { exact: true }).check()
  await panel.getByLabel('Wed', { exact: true }).check()
  await panel.getByLabel('Until').fill('2036-06-30')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Talk with the supplier' }).waitFor()
  await visitor.settled()
  const events = await june(visitor)
  assert.deepEqual(events.map(event => event.DATE_FROM.slice(3, 5)), ['16', '18', '23', '25', '30'])
  assert.deepEqual([events[0].LOCATION, events[0].DT_LENGTH], ['Kitchen', 5400])
  console.log('OK an event that comes again is made')
}

async function changed(visitor) {
  const { page } = visitor
  await visitor.go(`/calendar/?view=week&day=${DAY}`)
  await page.getByRole('list', { name: /Wednesday/ }).getByRole('link', { name: /Talk with the supplier/ }).click()
  const panel = editor(page)
  await panel.getByLabel('Name').fill('Talk, later')
  await page.keyboard.press('Control+s')
  await page.getByRole('link', { name: /Talk, later/ }).waitFor()
  assert.deepEqual((await june(visitor)).map(event => event.NAME === 'Talk, later'), [false, true, false, false, false])
  await page.getByRole('link', { name: /Talk with the supplier/ }).click()
  await panel.getByLabel('Apply to').selectOption({ label: 'All events of the series' })
  await panel.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: /^Delete “/ }).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('link', { name: /Talk/ }).first().waitFor({ state: 'detached' })
  assert.deepEqual(await june(visitor), [])
  console.log('OK one of a series is changed, and the series deleted')
}

async function byHours(visitor) {
  const { page } = visitor
  const add = (name, more) => call(visitor, 'calendar.event.add', { type: 'user', name, from: `${DAY} 09:00`, to: `${DAY} 10:30`, ...more })
  await add('Long', {})
  await add('Beside it', { from: `${DAY} 09:30`, to: `${DAY} 10:00` })
  await add('Fair', { from: DAY, to: DAY, skip_time: 'Y' })
  await visitor.go(`/calendar/?view=week&day=${DAY}`)
  const monday = page.getByRole('region', { name: /^Monday,? 16 June/ })
  await monday.getByRole('list', { name: /^All day/ }).getByRole('link', { name: 'Fair' }).waitFor()
  const [long, beside] = await Promise.all(['Long', 'Beside it'].map(name => monday.getByRole('link', { name: new RegExp(name) }).boundingBox()))
  assert.ok(Math.abs(long.height / beside.height - 3) < 0.2, `an hour and a half is three times as tall as half an hour: ${long.height}, ${beside.height}`)
  assert.ok(beside.x >= long.x + long.width - 2, 'what overlaps stands side by side')
  // A click at an empty hour begins an event there; by keys the day's name does.
  const body = await monday.boundingBox()
  const [, begins] = /(\d+):00/.exec(await monday.getByRole('link', { name: /Long/ }).textContent())
  await page.mouse.click(body.x + body.width / 2, long.y + 3.5 * (long.height / 1.5))
  const panel = editor(page)
  assert.equal(await panel.getByLabel('From').inputValue(), `${DAY}T${Number(begins) + 3}:00`)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await monday.getByRole('link', { name: /Create an event on Monday/ }).press('Enter')
  assert.match(await panel.getByLabel('From').inputValue(), new RegExp(DAY))
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  console.log('OK a week stands by its hours')
}

async function answered(browser, visitor) {
  const { page } = visitor
  const { link } = await visitor.api('POST', '/api/users', { email: 'jan@example.com', name: 'Jan', last_name: 'Berg', position: '', is_admin: false, departments: [1] })
  const jan = await accept(browser, link, { password: ADMIN.password })
  const event = { type: 'user', name: 'Plan', from: `${DAY} 09:00`, to: `${DAY} 10:00`, is_meeting: 'Y', attendees: [1] }
  const id = await call(jan, 'calendar.event.add', event)
  await visitor.go(`/calendar/?day=${DAY}`)
  await page.getByRole('link', { name: /Plan/ }).click()
  const panel = editor(page)
  await panel.getByText('Jan Berg invites you.').waitFor()
  await panel.getByRole('button', { name: 'Accept' }).click()
  await panel.getByRole('button', { name: 'Accept' }).and(page.locator(':disabled')).waitFor()
  await visitor.settled()
  const seen = await call(jan, 'calendar.event.getbyid', { id })
  assert.equal(seen.ATTENDEE_LIST.find(one => one.id === 1).status, 'Y')
  await jan.leave()
  console.log('OK an invitation is answered')
}

const looks = visitor => look(visitor, ['/calendar/', `/calendar/?view=week&day=${DAY}`, '/calendar/event/1/', '/calendar/event/0/'])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  await made(visitor)
  await changed(visitor)
  await byHours(visitor)
  await answered(browser, visitor)
  await looks(visitor)
  await visitor.onAPhone()
  await looks(visitor)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
