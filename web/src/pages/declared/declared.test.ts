import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, grouped } from './declared'

const param = (name: string) => ({ name, type: 'string', required: false, about: name })

test('settings stand in the first group that they fit', () => {
  const groups = grouped(['CRM', 'OTHER', 'CLOSE_TEXT', 'CRM_CLOSE'].map(param), [['close', /CLOSE/], ['crm', /^CRM/], ['kpi', /^KPI/]])
  assert.deepEqual(groups.map(one => [one.group, one.params.map(param => param.name)]), [['close', ['CLOSE_TEXT', 'CRM_CLOSE']], ['crm', ['CRM']], ['other', ['OTHER']]])
})

test('only what was changed is said', () => {
  assert.deepEqual(changes({ a: '1', b: '', c: 'x' }, { a: '1', c: 'y' }), { c: 'x' })
})
