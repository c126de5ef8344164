import assert from 'node:assert/strict'
import { test } from 'node:test'
import { around, find, lines } from './json'

const value = { result: [{ ID: '1', TITLE: 'Lead "A"' }, {}], total: 2, next: null }

test('a value becomes lines that read as JSON', () => {
  const all = lines(value, () => false)
  const text = all.map(line => (line.name === undefined ? '' : `${JSON.stringify(line.name)}: `) + line.text + (line.last || line.text === '{' || line.text === '[' ? '' : ',')).join('\n')
  assert.deepEqual(JSON.parse(text), value)
})

test('what is folded keeps its size and hides its members', () => {
  const [, result, total] = lines(value, path => path === 'result')
  assert.deepEqual([result?.path, result?.folded, result?.size, total?.path], ['result', true, 2, 'total'])
})

test('names and values are found, and the way to them', () => {
  assert.deepEqual(find(value, 'lead'), ['result[0].TITLE'])
  assert.deepEqual(find(value, 'title'), ['result[0].TITLE'])
  assert.deepEqual(find(value, ''), [])
  assert.deepEqual(around('result[0].TITLE'), ['result', 'result[0]', ''])
})
