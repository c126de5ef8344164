import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counts, inOrder, isOpen, needed, opens, sorted } from './scopes.ts'

const methods = [
  { method: 'profile', scope: null, writes: false },
  { method: 'crm.lead.list', scope: 'crm', writes: false },
  { method: 'crm.lead.add', scope: 'crm', writes: true },
  { method: 'user.get', scope: 'user', writes: false },
  { method: 'user.add', scope: 'user', writes: true }
]
const called = (name: string) => methods.filter(one => one.method === name)

test('a method without a scope is open to every webhook', () => {
  assert.ok(called('profile').every(one => isOpen(one, [])))
  assert.ok(!called('crm.lead.list').some(one => isOpen(one, ['user'])))
})

test('the reduced scopes of users open reading only', () => {
  assert.ok(called('user.get').every(one => isOpen(one, ['user_brief'])))
  assert.ok(!called('user.add').some(one => isOpen(one, ['user_basic', 'user_brief'])))
  assert.deepEqual(opens(methods, 'user_basic'), ['user.get'])
})

test('what a scope opens is counted without the methods open to all', () => {
  assert.deepEqual(counts(methods, 'crm'), { reads: 1, writes: 1 })
  assert.deepEqual(counts(methods, 'disk'), { reads: 0, writes: 0 })
})

test('the least is what the methods name', () => {
  assert.deepEqual(needed([...called('profile'), ...called('user.get'), ...called('crm.lead.add')]), ['crm', 'user'])
})

test('scopes stand in the order of the catalogue', () => {
  assert.deepEqual(sorted(['user', 'zz', 'crm', 'user'], ['crm', 'user']), ['crm', 'user', 'zz'])
})

test('CRM and users are offered first, and what opens nothing last', () => {
  const scopes = [['ai', 'AI'], ['task', 'Tasks'], ['disk', 'Drive'], ['user', 'Users'], ['crm', 'CRM']].map(([code = '', title = '']) => ({ code, title }))
  const codes = inOrder(scopes, code => (code === 'ai' ? 0 : 3)).map(({ code }) => code)
  assert.deepEqual(codes, ['crm', 'user', 'disk', 'task', 'ai'])
})
