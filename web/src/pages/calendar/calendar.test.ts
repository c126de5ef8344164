import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Event, apart, byDay, daysOf, draftOf, endFor, hoursOf, isWrong, mondayOf, monthOf, newDraft, plus, saidOf, wallIn } from './calendar'

const EVENT: Event = {
  ID: '5', PARENT_ID: '5', CAL_TYPE: 'user', OWNER_ID: '1', SECT_ID: '1', NAME: 'Report', DESCRIPTION: '', LOCATION: '', COLOR: '', DATE_FROM_TS_UTC: '1781510400',
  DATE_TO_TS_UTC: '1781514000', DT_SKIP_TIME: 'N', TZ_FROM: 'Europe/Berlin', ACCESSIBILITY: 'busy', PRIVATE_EVENT: '', IS_MEETING: true, MEETING_STATUS: 'H',
  MEETING_HOST: '1', MEETING: null, REMIND: [{ type: 'hour', count: 2 }], RRULE: { FREQ: 'WEEKLY', INTERVAL: 1, BYDAY: { MO: 'MO', WE: 'WE' }, UNTIL_TS: 1_782_777_600 },
  ATTENDEE_LIST: [{ id: 1, entryId: '5', status: 'H' }, { id: 2, entryId: '6', status: 'Q' }],
}

test('weeks begin on Monday, and months are shown in whole weeks', () => {
  assert.deepEqual([mondayOf('2026-06-15'), mondayOf('2026-06-21'), plus('2026-02-28', 1), monthOf('2026-12-31', 1)], ['2026-06-15', '2026-06-15', '2026-03-01', '2027-01-01'])
  assert.deepEqual([daysOf('week', '2026-06-17').length, daysOf('week', '2026-06-17')[0]], [7, '2026-06-15'])
  const month = daysOf('month', '2026-06-17')
  assert.deepEqual([month.length, month[0], month.at(-1)], [35, '2026-06-01', '2026-07-05'])
  assert.equal(daysOf('month', '2026-03-29').length, 42)
})

test('events stand on all their days, by the clocks of the reader', () => {
  const long = { ...EVENT, ID: '6', DATE_FROM_TS_UTC: '1781564400', DATE_TO_TS_UTC: '1781568000' }
  const whole = { ...EVENT, ID: '7', DT_SKIP_TIME: 'Y', DATE_FROM_TS_UTC: '1781481600', DATE_TO_TS_UTC: '1781568000' }
  const days = daysOf('week', '2026-06-15')
  const shown = (zone: string) => days.map(day => byDay([long, EVENT, whole], days, zone).get(day)!.map(event => event.ID).join())
  assert.deepEqual(shown('UTC').slice(0, 3), ['7,5,6', '7', ''])
  assert.deepEqual(shown('Asia/Tokyo').slice(0, 3), ['7,5', '7,6', ''])
})

test('events stand at their hours, each day with its part', () => {
  const long = { ...EVENT, ID: '6', DATE_FROM_TS_UTC: '1781564400', DATE_TO_TS_UTC: '1781568000' }
  const whole = { ...EVENT, ID: '7', DT_SKIP_TIME: 'Y' }
  const shown = (zone: string) => hoursOf([long, whole], daysOf('week', '2026-06-15'), zone).map(one => [one.column, one.from, one.to])
  assert.deepEqual(shown('UTC'), [['2026-06-15', 1380, 1440]])
  assert.deepEqual(shown('Europe/London'), [['2026-06-16', 0, 60]])
  assert.deepEqual(shown('Asia/Kolkata'), [['2026-06-16', 270, 330]])
})

test('the end of an event stays behind its beginning', () => {
  const to = '2026-06-15T11:00'
  const ends = ['2026-06-15T10:00', '2026-06-16T10:00', '2026-06-16T12:00', ''].map(from => endFor(from, to, false))
  assert.deepEqual(ends, [to, '2026-06-16T11:00', '2026-06-17T11:00', to])
  assert.equal(endFor('2026-06-16T10:00', to, true), '2026-06-16T10:00')
})

test('a form says what its event is, by the clocks of its zone', () => {
  const shown = draftOf(EVENT, '2026-06-17')
  assert.deepEqual([shown.from, shown.to, shown.remind, shown.days, shown.until], ['2026-06-17T10:00', '2026-06-17T11:00', '120', ['MO', 'WE'], '2026-06-30'])
  const said = saidOf({ ...shown, from: '2026-06-17T12:00', to: '2026-06-17T13:00' }, 'Europe/Berlin', 1, { shown, first: draftOf(EVENT, '') })
  assert.deepEqual([said.from, said.to, said.attendees, said.is_meeting], ['2026-06-15 12:00', '2026-06-15 13:00', [1, 2], 'Y'])
  assert.deepEqual(said.rrule, { FREQ: 'WEEKLY', INTERVAL: 1, UNTIL: '2026-06-30', BYDAY: ['MO', 'WE'] })
  const made = newDraft('2026-06-15', 23, '1', 1)
  assert.deepEqual([made.from, made.to], ['2026-06-15T22:00', '2026-06-15T23:00'])
  const alone = saidOf({ ...made, whole: true, remind: '' }, 'UTC', 1)
  assert.deepEqual([alone.from, alone.skip_time, alone.is_meeting, alone.remind, alone.rrule], ['2026-06-15', 'Y', 'N', [], ''])
  assert.deepEqual([isWrong(made), isWrong({ ...made, to: made.from.replace('22', '21') }), isWrong({ ...made, from: '' })], [false, true, true])
  assert.deepEqual([apart('2026-06-30', '2026-07-02'), wallIn('America/New_York', 1_781_510_400)], [2, '2026-06-15T04:00'])
})
