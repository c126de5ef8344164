import assert from 'node:assert/strict'
import { test } from 'node:test'

import { csv, dayOf, days, hours, stack, ticks } from './chart'

const row = (at: string, id: number | null, calls: number, errors = 0) => ({
  at,
  integration: id === null ? null : { id, title: `Hook ${id}` },
  calls,
  errors,
  deliveries: 0,
  failed: 0,
})

test('bars stand for every hour, also for those without a call', () => {
  const now = Date.parse('2026-11-23T19:41:00Z')
  const starts = hours(now, 24)
  assert.equal(starts.length, 24)
  assert.equal(new Date(starts[23] ?? 0).toISOString(), '2026-11-23T19:00:00.000Z')
  const chart = stack([row('2026-11-23T20:00:00+01:00', 1, 3, 1), row('2026-11-23T18:00:00Z', 2, 5)], 'calls', starts)
  assert.deepEqual(chart.bars.slice(-2).map(bar => bar.total), [5, 3])
  assert.equal(chart.failed, 1)
  assert.equal(chart.highest, 5)
  assert.deepEqual(chart.series.map(one => one.key), ['2', '1'])
})

test('the largest six have a colour of their own, the others one together', () => {
  const at = '2026-11-23T18:00:00Z'
  const rows = Array.from({ length: 9 }, (_, index) => row(at, index + 1, index + 1))
  const chart = stack(rows, 'calls', [Date.parse(at)])
  assert.deepEqual(chart.series.map(one => one.key), ['9', '8', '7', '6', '5', '4', 'rest'])
  assert.deepEqual(chart.bars[0]?.parts, [9, 8, 7, 6, 5, 4, 6])
  assert.equal(chart.bars[0]?.total, 45)
})

test('seven fit without a rest', () => {
  const at = '2026-11-23T18:00:00Z'
  const chart = stack(Array.from({ length: 7 }, (_, index) => row(at, index, 1)), 'calls', [Date.parse(at)])
  assert.equal(chart.series.some(one => one.id === null), false)
})

test('what the server put together stays the rest, however much it is', () => {
  const at = '2026-11-23T18:00:00Z'
  const chart = stack([row(at, null, 200), row(at, 1, 2)], 'calls', [Date.parse(at)])
  assert.deepEqual(chart.series.map(one => [one.id, one.total]), [[1, 2], [null, 200]])
  assert.deepEqual(chart.bars[0]?.parts, [2, 200])
})

test('days begin at midnight of the zone, on days with 23 and 25 hours too', () => {
  const spring = days(Date.parse('2026-03-30T12:00:00Z'), 3, 'Europe/Berlin').map(at => new Date(at).toISOString())
  assert.deepEqual(spring, ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'])
  const autumn = days(Date.parse('2026-10-26T12:00:00Z'), 2, 'Europe/Berlin').map(at => new Date(at).toISOString())
  assert.deepEqual(autumn, ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
  assert.equal(new Date(days(0, 1, 'Asia/Kathmandu')[0] ?? 0).toISOString(), '1969-12-31T18:30:00.000Z')
  assert.equal(dayOf(Date.parse('2026-11-23T23:30:00Z'), 'Europe/Moscow'), '2026-11-24')
})

test('an axis has whole numbers and reaches the highest bar', () => {
  assert.deepEqual(ticks(0), [0, 1])
  assert.deepEqual(ticks(3), [0, 1, 2, 3])
  assert.deepEqual(ticks(7), [0, 2, 4, 6, 8])
  assert.deepEqual(ticks(534), [0, 200, 400, 600])
  assert.deepEqual(ticks(1_000_000), [0, 200_000, 400_000, 600_000, 800_000, 1_000_000])
  for (const highest of [1, 9, 10, 11, 49, 51, 99, 101, 999, 12_345]) {
    const marks = ticks(highest)
    assert.ok(marks.length <= 6 && (marks.at(-1) ?? 0) >= highest, `${highest}: ${marks}`)
  }
})

test('CSV quotes what needs it and disarms formulas', () => {
  assert.equal(csv([['a', 1], ['say "x", y', -2], ['=1+1', 0]]), 'a,1\r\n"say ""x"", y",-2\r\n\'=1+1,0\r\n')
})
