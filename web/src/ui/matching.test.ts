import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grouped } from './matching.ts'

test('rows stand under their groups, in the order of the first of each', () => {
  const rows = [{ id: 1, group: 'b' }, { id: 2, group: 'a' }, { id: 3 }, { id: 4, group: 'b' }]
  assert.deepEqual(grouped(rows), [
    [{ id: 3 }],
    [{ type: 'label', label: 'b' }, { id: 1, group: 'b' }, { id: 4, group: 'b' }],
    [{ type: 'label', label: 'a' }, { id: 2, group: 'a' }]
  ])
  assert.deepEqual(grouped([]), [])
})
