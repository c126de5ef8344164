import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from './asked.ts'

test('a link brings a method and its parameters', () => {
  assert.deepEqual(asked({ method: 'crm.lead.get', params: '[["id","1"]]' }), { method: 'crm.lead.get', rows: [['id', '1']], events: [] })
  assert.deepEqual(asked({ method: 'profile' }), { method: 'profile', rows: [], events: [] })
})

test('a link brings events', () => {
  assert.deepEqual(asked({ event: 'oncrmleadadd,ONCRMDEALADD', params: '[["id","1"]]' }), { method: '', rows: [], events: ['ONCRMLEADADD', 'ONCRMDEALADD'] })
  assert.equal(asked({ event: '' }), undefined)
})

test('what cannot be read is left out', () => {
  assert.equal(asked({}), undefined)
  assert.equal(asked({ method: ['a', 'b'] }), undefined)
  for (const params of ['{', '{"a":1}', '[[1,2],["a"]]', 7]) assert.deepEqual(asked({ method: 'profile', params }), { method: 'profile', rows: [], events: [] })
})
