import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Column, filterOf, sorted, targetAt, targetBy } from './board'
import type { Task } from './tasks'

const task = (id: string) => ({ id }) as Task
const column = (id: string, ...tasks: string[]): Column => ({ id, title: id, tasks: tasks.map(task), total: tasks.length })
const board = [column('a', '1', '2', '3'), column('b'), column('c', '4')]

test('boards have their stages in order', () => {
  const stage = (ID: string, SORT: string) => ({ ID, SORT, TITLE: '', COLOR: '' })
  assert.deepEqual(sorted({ 9: stage('9', '100'), 10: stage('10', '50'), 11: stage('11', '100') }).map(one => one.ID), ['10', '9', '11'])
})

test('boards have what was never moved in the first column', () => {
  assert.deepEqual(filterOf(7, '3', true), { GROUP_ID: 7, STAGE_ID: ['0', '3'] })
  assert.deepEqual(filterOf(7, '4', false), { GROUP_ID: 7, STAGE_ID: '4' })
  assert.equal(filterOf(0, '4', true).STAGE_ID, '4')
})

test('boards put a task where it was dropped', () => {
  assert.deepEqual(targetAt(board, '1', 'c', 0), { stage: 'c', before: '4' })
  assert.deepEqual(targetAt(board, '1', 'c', 5), { stage: 'c', after: '4' })
  assert.deepEqual(targetAt(board, '1', 'b', 0), { stage: 'b' })
  assert.deepEqual(targetAt(board, '1', 'a', 1), { stage: 'a', before: '3' })
})

test('boards move a task by keys', () => {
  assert.deepEqual(targetBy(board, '1', 'ArrowRight'), { stage: 'b' })
  assert.equal(targetBy(board, '1', 'ArrowLeft'), undefined)
  assert.deepEqual(targetBy(board, '2', 'ArrowUp'), { stage: 'a', before: '1' })
  assert.deepEqual(targetBy(board, '2', 'ArrowDown'), { stage: 'a', after: '3' })
  assert.equal(targetBy(board, '3', 'ArrowDown'), undefined)
  assert.equal(targetBy(board, '9', 'ArrowUp'), undefined)
})
