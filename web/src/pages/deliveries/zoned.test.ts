import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fromLocal, toLocal } from './zoned'

test('a moment is shown and read in the zone of whoever looks', () => {
  assert.equal(toLocal('2026-11-23T19:41:00Z', 'Europe/Moscow'), '2026-11-23T22:41')
  assert.equal(fromLocal('2026-11-23T22:41', 'Europe/Moscow'), '2026-11-23T19:41:00.000Z')
  assert.equal(fromLocal(toLocal('2026-07-01T00:15:00Z', 'Asia/Kathmandu'), 'Asia/Kathmandu'), '2026-07-01T00:15:00.000Z')
  assert.equal(toLocal('', 'UTC'), '')
  assert.equal(fromLocal('', 'UTC'), '')
})

test('both sides of a change of the clocks are right', () => {
  for (const at of ['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-10-25T03:30:00.000Z', '2026-10-24T23:30:00.000Z'])
    assert.equal(fromLocal(toLocal(at, 'Europe/Berlin'), 'Europe/Berlin'), at)
  // 2:30 is not there that night.
  assert.equal(new Date(fromLocal('2026-03-29T02:30', 'Europe/Berlin')).getTime() >= Date.parse('2026-03-29T00:30:00Z'), true)
})
