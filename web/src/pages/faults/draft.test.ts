import assert from 'node:assert/strict'
import { test } from 'node:test'
import { empty, rule } from './draft.ts'

const CODES = [{ code: 'PORTAL_DELETED', status: 403 }, { code: 'OVERLOAD_LIMIT', status: 401 }]

test('a rule has what was filled in', () => {
  const draft = { ...empty(), webhook: '3', pattern: ' crm.* ', code: 1, every: '2', delay: '100' }
  assert.deepEqual(JSON.parse(JSON.stringify(rule(draft, CODES))), {
    webhook: 3, method: 'crm.*', every: 2, delay: 100, effect: { kind: 'error', code: 'OVERLOAD_LIMIT', status: 401 }, after: false, keep: false
  })
})

test('a rule about deliveries names events, and is never after', () => {
  const draft = { ...empty(), side: 'sent' as const, effect: 'reorder', after: true }
  assert.deepEqual(JSON.parse(JSON.stringify(rule(draft, CODES))), { event: '*', effect: { kind: 'reorder', within: 5000 }, after: false, keep: false })
})

test('waiting alone is no effect', () => {
  assert.equal(rule({ ...empty(), effect: 'delay', delay: '50' }, CODES).effect, undefined)
})
