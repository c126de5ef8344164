import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Task, checklists, clock, draftOf, filterOf, movesOf, saidOf, secondsOf, tagsOf } from './tasks'

const task = (more: Partial<Task> = {}): Task => ({
  id: '4', title: 'Order desks', description: null, status: '2', subStatus: '2', priority: '1', deadline: null, createdBy: '1', responsibleId: '2', createdDate: '',
  closedDate: null, timeEstimate: '0', timeSpentInLogs: null, groupId: '0', ...more,
})

test('buttons are what the server allows', () => {
  assert.deepEqual(movesOf(task({ action: { complete: true, start: true, remove: true, pause: false } })), ['start', 'complete'])
  assert.deepEqual(movesOf(task()), [])
})

test('a filter names a part, a state and words', () => {
  assert.deepEqual(filterOf(' desk ', 'doing', 'open', 7), { '%TITLE': 'desk', 'RESPONSIBLE_ID': 7, '!STATUS': ['4', '5'] })
  assert.deepEqual(filterOf('12', '', '5', 7), { ID: '12', REAL_STATUS: '5' })
  assert.deepEqual(filterOf('', '', '', 7), {})
})

test('checklists hold what stands below them, in its order', () => {
  const row = (ID: string, PARENT_ID: string | false, SORT_INDEX: string, IS_COMPLETE = 'N') => ({ ID, PARENT_ID, TITLE: `t${ID}`, SORT_INDEX, IS_COMPLETE })
  const found = checklists([row('1', false, '0'), row('3', '1', '1'), row('2', '1', '0', 'Y'), row('4', '2', '0'), row('9', '77', '5')])
  assert.deepEqual(found.map(one => [one.title, one.items.map(item => [item.title, item.done, item.level])]), [
    ['t1', [['t2', true, 0], ['t4', false, 1], ['t3', false, 0]]],
    ['t9', []],
  ])
})

test('times are hours and minutes', () => {
  assert.deepEqual([clock(5400), clock(59), clock(0)], ['1:30', '0:01', '0:00'])
  assert.deepEqual(['1:30', '1.5', '1,5', '', 'much', '1:70', '-1'].map(secondsOf), [5400, 5400, 5400, undefined, undefined, undefined, undefined])
})

test('only what was changed is said', () => {
  const before = draftOf(task({ tags: { 5: { id: 5, title: 'office' } } }), 1)
  assert.equal(before.tags, 'office')
  assert.deepEqual(saidOf(before, { ...before, important: true, tags: 'office, new,' }), { PRIORITY: 2, TAGS: ['office', 'new'] })
  assert.deepEqual(saidOf(before, before), {})
  assert.deepEqual(saidOf(draftOf(undefined, 1), { ...draftOf(undefined, 1), title: 'New' }), { TITLE: 'New' })
  assert.deepEqual(tagsOf(task({ tags: ['a'] })), ['a'])
})
