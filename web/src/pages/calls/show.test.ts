import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBad } from './bad.ts'
import { builder, commands, curl } from './show.ts'

const call = { method: 'crm.lead.get', params: { id: 1, select: ["it's"] }, failed: null, error: null, integration: { id: 7, title: 'Shop' }, user_id: 2, version: 2 }

test('a call is handed on as a command and as a request of the builder', () => {
  assert.equal(
    curl(call, 'https://portal'),
    `curl 'https://portal/rest/2/******/crm.lead.get' \\\n  --header 'Content-Type: application/json' \\\n  --data-raw '{"id":1,"select":["it'\\''s"]}'`,
  )
  const url = new URL(builder(call)!, 'https://portal')
  assert.equal(url.pathname, '/devops/edit/in-hook/7/')
  assert.equal(url.searchParams.get('method'), 'crm.lead.get')
  assert.deepEqual(JSON.parse(url.searchParams.get('params')!), [['id', '1'], ['select[]', "it's"]])
  assert.equal(builder({ ...call, integration: { id: 7, title: null } }), undefined)
})

test('a batch shows which of its commands failed', () => {
  const batch = { ...call, method: 'batch', params: { cmd: { a: 'profile', b: 'crm.lead.get?id=0' } }, failed: { b: 'ERROR_CORE' } }
  assert.deepEqual(commands(batch), [{ name: 'a', command: 'profile', error: undefined }, { name: 'b', command: 'crm.lead.get?id=0', error: 'ERROR_CORE' }])
  assert.deepEqual([isBad(batch), isBad(call)], [true, false])
  assert.deepEqual(commands(call), [])
})
