import assert from 'node:assert/strict'
import { test } from 'node:test'

import { editor, effect, first, harmless, failures, fails } from './list'

test('a secret never gets into the address', () => {
  assert.equal(harmless('https://portal.test/rest/1/173glortu42lvpju/crm.lead.list'), null)
  assert.equal(harmless('173glortu42lvpju'), null)
  assert.equal(harmless(' warehouse '), 'warehouse')
  assert.equal(harmless('ONCRMLEADADDITEM'), 'ONCRMLEADADDITEM')
})

test('a deletion tells what it breaks', () => {
  const rows = [{ kind: 'both', calls_24h: 3 }, { kind: 'in', calls_24h: 2 }, { kind: 'out', calls_24h: 0 }] as const
  assert.deepEqual(effect([...rows]), { count: 3, handlers: 2, calls: 5 })
})

test('each kind has its editor', () => {
  assert.equal(editor({ id: 4, kind: 'out' }), '/devops/edit/out-hook/4/')
  assert.equal(editor({ id: 4, kind: 'both' }), '/devops/edit/in-hook/4/')
})

test('a long list is cut, but never to hide a single one', () => {
  assert.deepEqual(first(['a', 'b', 'c'], 2), { shown: ['a', 'b', 'c'], left: 0 })
  assert.deepEqual(first(['a', 'b', 'c', 'd'], 2), { shown: ['a', 'b'], left: 2 })
})

test('what went wrong is counted for each kind, and only failing deliveries are the fault of a webhook', () => {
  const row = { state: 'active' as const, errors_24h: 7, failed_24h: 3 }
  assert.deepEqual((['in', 'out', 'both'] as const).map(kind => failures({ ...row, kind })), [7, 3, 10])
  assert.deepEqual((['in', 'out', 'both'] as const).map(kind => fails({ ...row, kind })), [false, true, true])
  assert.ok(!fails({ ...row, kind: 'out', state: 'paused' }) && !fails({ ...row, kind: 'out', failed_24h: 0 }))
})
