import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keep, type Past, recall, withPast } from './history.ts'

const past = (method: string): Past => ({ at: '2026-11-23T10:00:00Z', method, rows: [['ID', '1']], way: 'get', format: 'json', status: 200, took: 3 })

function storage(): Storage {
  const held = new Map<string, string>()
  return { getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, text: string) => void held.set(key, text) } as unknown as Storage
}

test('the newest come first, and not too many', () => {
  let all: Past[] = []
  for (let index = 0; index < 30; index += 1) all = withPast(all, past(`m${index}`))
  assert.equal(all.length, 20)
  assert.equal(all[0]?.method, 'm29')
})

test('what is huge is left out', () => {
  assert.deepEqual(withPast([], { ...past('m'), rows: [['file', 'x'.repeat(30_000)]] }), [])
})

test('each person and each webhook has a history of its own', () => {
  const held = storage()
  keep(held, 1, 7, [past('a')])
  assert.equal(recall(held, 1, 7)[0]?.method, 'a')
  assert.deepEqual(recall(held, 2, 7), [])
  assert.deepEqual(recall(held, 1, 8), [])
})

test('what cannot be read is nothing', () => {
  const held = storage()
  held.setItem('portreeve-calls-1-1', '{')
  assert.deepEqual(recall(held, 1, 1), [])
})
