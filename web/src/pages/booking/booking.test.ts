import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientsOf, clockOf, draftOf, endOf, freeOn, isWrong, minutesOn, newDraft, saidOf, secondOf, timeOf, type Booking } from './booking'

const ZONE = 'Europe/Berlin'
const SLOT = { from: 540, to: 720, timezone: ZONE, weekDays: ['Mon', 'Tue'], slotSize: 60 }
const at = (wall: string, zone = ZONE) => secondOf(wall, zone)

test('slots are free on their days, by their own clocks, until somebody takes them', () => {
  const shown = (day: string, zone = ZONE, taken: { from: number, to: number }[] = []) => freeOn([SLOT], day, zone, taken).map(one => minutesOn(day, one, zone)!.from)
  assert.deepEqual(shown('2026-06-15'), [540, 600, 660])
  assert.deepEqual(shown('2026-06-17'), [], 'a Wednesday')
  assert.deepEqual(shown('2026-06-15', ZONE, [{ from: at('2026-06-15T10:30'), to: at('2026-06-15T11:00') }]), [540, 660])
  assert.deepEqual(shown('2026-06-15', 'America/New_York'), [180, 240, 300])
  assert.deepEqual(shown('2026-06-15', 'Pacific/Auckland'), [1140, 1200, 1260])
  assert.deepEqual(shown('2026-03-30', ZONE), [540, 600, 660], 'after the clocks changed')
})

test('a form says what its booking is', () => {
  const moment = (wall: string) => ({ timestamp: at(wall), timezone: ZONE })
  const booking: Booking = { id: 1, name: 'Talk', description: null, resourceIds: [2], datePeriod: { from: moment('2026-06-15T10:00'), to: moment('2026-06-15T11:00') } }
  const draft = draftOf(booking, ZONE, [{ id: 3, type: { module: 'crm', code: 'COMPANY' } }], ['9'])
  assert.deepEqual([draft.from, draft.to, draft.contacts, draft.companies, draft.deals], ['2026-06-15T10:00', '2026-06-15T11:00', [], ['3'], ['9']])
  assert.deepEqual(saidOf(draft, ZONE), { name: 'Talk', description: '', resourceIds: [2], datePeriod: booking.datePeriod })
  assert.deepEqual(clientsOf(draft), [{ id: 3, type: { module: 'crm', code: 'COMPANY' } }])
  assert.deepEqual(timeOf(booking).to - timeOf(booking).from, 3600)
})

test('a new booking takes an hour', () => {
  const draft = newDraft(2, '2026-06-15T10:00', '', 0, ZONE)
  assert.deepEqual([draft.resources, draft.from, draft.to], [[2], '2026-06-15T10:00', '2026-06-15T11:00'])
  assert.equal(newDraft(undefined, 'x', '', at('2026-06-15T10:20'), ZONE).from, '2026-06-15T11:00')
  assert.deepEqual([isWrong(draft), isWrong({ ...draft, to: draft.from })], [false, true])
  assert.deepEqual([clockOf(1440), endOf('00:00'), endOf('18:30')], ['00:00', 1440, 1110])
})
