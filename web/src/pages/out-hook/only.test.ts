import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleOf, kept, toggled } from './only.ts'

test('only chosen fields of events that are sent are kept, in one order', () => {
  assert.deepEqual(kept({ B: ['Y', 'X'], A: ['Z'], C: ['Q'], D: [] }, ['A', 'B', 'D']), { A: ['Z'], B: ['X', 'Y'] })
})

test('a field is taken, and dropped when it was taken', () => {
  const taken = toggled({}, 'A', 'TITLE')
  assert.deepEqual(taken, { A: ['TITLE'] })
  assert.deepEqual(toggled(taken, 'A', 'TITLE'), { A: [] })
})

test('an example names a chosen field, or else the first', () => {
  const fields = { A: [{ name: 'TITLE', title: 'Title' }] }
  assert.deepEqual(exampleOf({ A: ['PHONE'] }, 'A', fields), ['PHONE'])
  assert.deepEqual(exampleOf({}, 'A', fields), ['TITLE'])
  assert.deepEqual(exampleOf({}, 'B', fields), [])
})
