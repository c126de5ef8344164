import assert from 'node:assert/strict'
import { test } from 'node:test'
import { destroying } from './destroys.ts'

const METHODS = [{ method: 'crm.lead.delete', destroys: true }, { method: 'event.unbind', destroys: true }, { method: 'crm.lead.list', destroys: false }, { method: 'batch', destroys: false }]

test('the server says which methods take data away, whatever the case of the name', () => {
  assert.deepEqual(destroying(METHODS, ' CRM.Lead.Delete ', {}), ['CRM.Lead.Delete'])
  assert.deepEqual(destroying(METHODS, 'crm.lead.list', {}), [])
  assert.deepEqual(destroying(undefined, 'crm.lead.list', {}), ['crm.lead.list'], 'without the catalogue nobody knows')
})

test('a batch takes away what its commands do', () => {
  const cmd = { a: 'crm.lead.list?start=0', b: 'crm.lead.delete?id=3', c: 'crm.lead.delete?id=4', d: 'event.unbind#x' }
  assert.deepEqual(destroying(METHODS, 'batch', { cmd }), ['crm.lead.delete', 'event.unbind'])
  assert.deepEqual(destroying(METHODS, 'Batch', { CMD: ['crm.lead.delete?id=3'] }), ['crm.lead.delete'])
  assert.deepEqual(destroying(METHODS, 'batch', { cmd: 'crm.lead.delete?id=3' }), [], 'a text holds no commands')
  assert.deepEqual(destroying(METHODS, 'batch', { cmd: [['crm.lead.delete'], null] }), [])
})
