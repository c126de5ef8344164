// Bookings: a resource with slots is made, booked at a free time, moved, put on the waiting list and booked from there, and
// cancelled; whoever may not use the CRM sees nothing of it.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, ADMIN, editor, rest, setUp } from './walk.mjs'

/** A Monday. */
const DAY = '2036-06-16'
const bookings = async visitor => (await rest(visitor, 'booking.v1.booking.list', { FILTER: { within: { dateFrom: Date.parse(`${DAY}T00:00Z`) / 1000, dateTo: Date.parse('2036-07-01T00:00Z') / 1000 } } })).booking
const clockOf = second => new Date(second * 1000).toISOString().slice(0, 16)

async function made(visitor) {
  const { page } = visitor
  await visitor.go('/booking/resources/')
  await page.getByRole('row', { name: /Blue room/ }).waitFor()
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Name').fill('Camera')
  await panel.getByRole('button', { name: 'New type' }).click()
  const dialog = page.getByRole('dialog', { name: 'New type' })
  await dialog.getByLabel('Name').fill('Lent things')
  await dialog.getByLabel('Code').fill('lent')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await visitor.settled()
  assert.equal(await panel.getByLabel('Name').inputValue(), 'Camera', 'what was typed stays')
  await panel.getByRole('button', { name: 'Add a slot' }).click()
  const slot = panel.getByRole('group', { name: 'Slot 1' })
  await slot.getByLabel('Tue', { exact: true }).uncheck()
  await slot.getByLabel('From').fill('09:00')
  await slot.getByLabel('To', { exact: true }).fill('12:00')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Camera' }).waitFor()
  await visitor.settled()
  await panel.getByText('Messages to clients').click()
  await panel.getByLabel('Template of the message about the booking').selectOption({ label: 'For people' })
  await page.keyboard.press('Control+s')
  await panel.waitFor({ state: 'detached' })
  const { resource: [camera] } = await rest(visitor, 'booking.v1.resource.list', { FILTER: { name: 'Camera' } })
  assert.equal(camera.templateTypeInfo, 'animate')
  const { slots } = await rest(visitor, 'booking.v1.resource.slots.list', { resourceId: camera.id })
  assert.deepEqual(slots.map(({ id, ...slot }) => slot), [{ from: 540, slotSize: 60, timezone: 'Europe/Berlin', to: 720, weekDays: ['Mon', 'Wed', 'Thu', 'Fri'] }])
  console.log('OK a resource is made with its slots')
  return camera.id
}

async function booked(visitor, camera) {
  const { page } = visitor
  await visitor.go(`/booking/?view=week&resource=${camera}&day=${DAY}`)
  await page.getByRole('region', { name: /17/ }).waitFor()
  assert.equal(await page.getByRole('region', { name: /17/ }).getByRole('link', { name: /Book Camera/ }).count(), 0, 'not on a Tuesday')
  const monday = page.getByRole('region', { name: /16/ })
  assert.equal(await monday.getByRole('link', { name: /Book Camera/ }).count(), 3)
  await monday.getByRole('link', { name: /^10:00.*Book Camera/ }).press('Enter')
  const panel = editor(page)
  await panel.getByLabel('Name').fill('Portraits')
  await panel.getByRole('button', { name: /^Contacts/ }).click()
  await page.getByRole('option').first().click()
  await panel.getByRole('list', { name: 'Contacts' }).getByRole('link').waitFor()
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Portraits' }).waitFor()
  await visitor.settled()
  const [one] = await bookings(visitor)
  assert.deepEqual([clockOf(one.datePeriod.from.timestamp), one.datePeriod.to.timestamp - one.datePeriod.from.timestamp, one.resourceIds], [`${DAY}T08:00`, 3600, [camera]])
  const { bookingClient } = await rest(visitor, 'booking.v1.booking.client.list', { bookingId: one.id })
  assert.deepEqual(bookingClient.map(client => client.type.code), ['CONTACT'])
  await panel.getByRole('button', { name: 'Close' }).first().click()
  await monday.getByRole('link', { name: /Portraits/ }).waitFor()
  assert.equal(await monday.getByRole('link', { name: /Book Camera/ }).count(), 2, 'the time is taken')
  console.log('OK a free time is booked for a client')
}

async function moved(visitor, camera) {
  const { page } = visitor
  const panel = editor(page)
  // The same time cannot be had twice: the form says so, and keeps what was typed.
  await visitor.go(`/booking/detail/0/?resource=${camera}&from=${DAY}T10:30`)
  await panel.getByLabel('Name').fill('Second')
  await page.keyboard.press('Control+s')
  await panel.getByText('The resource is already booked for this period.').waitFor()
  assert.equal(await panel.getByLabel('Name').inputValue(), 'Second')
  await panel.getByLabel('From').fill(`${DAY}T11:00`)
  assert.equal(await panel.getByLabel('To', { exact: true }).inputValue(), `${DAY}T12:00`, 'it stays as long as it was')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Second' }).waitFor()
  await visitor.go('/booking/list/')
  await page.getByRole('row', { name: /Portraits/ }).focus()
  await page.keyboard.press('Enter')
  await panel.getByLabel('From').fill(`${DAY}T14:00`)
  await page.keyboard.press('Control+s')
  await page.getByRole('row', { name: /Portraits.*14:00/ }).waitFor()
  assert.deepEqual((await bookings(visitor)).map(one => clockOf(one.datePeriod.from.timestamp)).sort(), [`${DAY}T09:00`, `${DAY}T12:00`])
  console.log('OK a booking is moved, and no time is given twice')
}

async function waited(visitor) {
  const { page } = visitor
  const panel = editor(page)
  await visitor.go('/booking/list/')
  await page.getByRole('row', { name: /Portraits/ }).getByRole('link').click()
  await panel.getByLabel('Description').fill('In the garden')
  await page.keyboard.press('Control+s')
  await panel.waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /Portraits/ }).getByRole('link').click()
  await panel.getByRole('button', { name: 'Put on the waiting list' }).click()
  await page.getByRole('dialog', { name: /^Put “Portraits”/ }).getByRole('button', { name: 'Put on the waiting list' }).click()
  await page.getByRole('row', { name: /Portraits/ }).waitFor({ state: 'detached' })
  await panel.waitFor({ state: 'detached' })
  await visitor.go('/booking/waitlist/')
  await page.getByRole('button', { name: 'Actions for In the garden' }).click()
  await page.getByRole('menuitem', { name: 'Book' }).click()
  await panel.getByRole('list', { name: 'Contacts' }).getByRole('link').waitFor()
  await panel.getByLabel('Name').fill('Portraits again')
  await panel.getByLabel('From').fill(`${DAY}T15:00`)
  await panel.getByLabel('To', { exact: true }).fill(`${DAY}T16:30`)
  await panel.getByLabel('Red room').check()
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Portraits again' }).waitFor()
  await visitor.settled()
  const { waitList } = await rest(visitor, 'booking.v1.waitlist.list')
  assert.deepEqual(waitList.map(one => one.note), ['Any morning'])
  await panel.getByRole('button', { name: 'Cancel the booking' }).click()
  await page.getByRole('dialog', { name: 'Cancel “Portraits again”?' }).getByRole('button', { name: 'Cancel the booking' }).click()
  await panel.waitFor({ state: 'detached' })
  await visitor.settled()
  assert.deepEqual((await bookings(visitor)).map(one => one.name), ['Second'])
  await visitor.go('/booking/waitlist/')
  await page.keyboard.press('n')
  await panel.getByLabel('Note').fill('After work')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'After work' }).waitFor()
  await panel.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Delete “After work”?' }).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('row', { name: /Any morning/ }).waitFor()
  await page.getByRole('row', { name: /After work/ }).waitFor({ state: 'detached' })
  console.log('OK somebody waits, is booked, and the booking is cancelled')
}

async function unseen(browser, visitor, camera) {
  const { roles } = await visitor.api('GET', '/api/roles')
  for (const role of roles) await visitor.api('DELETE', `/api/roles/${role.id}`)
  const { link } = await visitor.api('POST', '/api/users', { email: 'jan@example.com', name: 'Jan', last_name: 'Berg', position: '', is_admin: false, departments: [1] })
  const jan = await accept(browser, link, { password: ADMIN.password })
  const { page } = jan
  for (const path of ['/booking/', '/booking/resources/']) {
    await jan.go(path)
    await page.getByText('There is nothing to book yet, or nothing that your CRM role lets you see.').waitFor()
    assert.equal(await page.getByText('Camera').count(), 0)
  }
  await jan.go('/booking/list/?when=all')
  await page.getByText('No bookings yet').waitFor()
  await jan.go(`/booking/resources/detail/${camera}/`)
  await page.getByText('This does not exist, or you may not see it.').waitFor()
  await look(jan, ['/booking/', '/booking/detail/0/'])
  await jan.leave()
  console.log('OK whoever may not use the CRM sees nothing of it')
}

const looks = (visitor, camera) => look(visitor, [
  '/booking/', `/booking/?day=${DAY}`, `/booking/?view=week&resource=${camera}&day=${DAY}`, '/booking/list/?when=all', '/booking/detail/1/', `/booking/detail/0/?resource=${camera}`,
  '/booking/waitlist/', '/booking/waitlist/detail/1/', '/booking/resources/', `/booking/resources/detail/${camera}/`, '/booking/resources/detail/0/'
])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const camera = await made(visitor)
  await booked(visitor, camera)
  await moved(visitor, camera)
  await waited(visitor)
  await looks(visitor, camera)
  const { page } = visitor
  await visitor.onAPhone()
  await looks(visitor, camera)
  console.log('OK a phone shows them in the dark and in Russian')
  await page.evaluate(() => localStorage.setItem('portreeve-language', 'en'))
  await unseen(browser, visitor, camera)
  await visitor.leave()
})
