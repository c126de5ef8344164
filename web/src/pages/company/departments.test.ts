import assert from 'node:assert/strict'
import { test } from 'node:test'
import { possibleParents, visible, type Department } from './departments'

const one = (id: number, parent?: number, sort = 500): Department => ({ id, name: `D${id}`, parent, sort, head: undefined })
const all = [one(1), one(2, 1), one(3, 1, 100), one(4, 2), one(5, 99)]

test('the tree is in order and hides what is closed', () => {
  assert.deepEqual(visible(all, () => true).map(node => [node.id, node.depth]), [[1, 1], [3, 2], [2, 2], [4, 3], [5, 1]])
  assert.deepEqual(visible(all, id => id !== 2).map(node => node.id), [1, 3, 2, 5])
})

test('a department cannot go below itself', () => {
  assert.deepEqual(possibleParents(all, 2).map(found => found.id), [1, 3, 5])
})
