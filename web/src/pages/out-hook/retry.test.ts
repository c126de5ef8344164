import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delays, profile, shorten, unit, USUAL } from './retry.ts'

test('the named schedules', () => {
  assert.deepEqual(['', 'default', 'once', '5s'].map(profile), ['default', 'default', 'once', 'own'])
  assert.equal(delays('default'), USUAL)
  assert.deepEqual(delays('once'), [])
})

test('a schedule of one\'s own is read, and a wrong one is none', () => {
  assert.deepEqual(delays('5s, 1m,30m,2h,1d'), [5, 60, 1800, 7200, 86400])
  for (const text of ['5', '8d', 'soon', '5s,,1m', Array(21).fill('1s').join(',')]) assert.equal(delays(text), undefined, text)
})

test('delays are told in the largest whole unit', () => {
  assert.deepEqual(unit(90), { value: 90, unit: 'second' })
  assert.deepEqual(unit(7200), { value: 2, unit: 'hour' })
  assert.deepEqual(unit(0), { value: 0, unit: 'second' })
  assert.equal(shorten('10s,60s,86400s'), '10s,1m,1d')
  assert.equal(shorten('once'), 'once')
})
