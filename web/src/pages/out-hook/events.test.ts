import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groups, ticked, toggle } from './events.ts'

const all = [
  { name: 'ONCRMLEADADD', scope: 'crm', about: 'A lead was added.' },
  { name: 'ONUSERADD', scope: 'user', about: 'A user signed in first.' },
  { name: 'ONCRMDEALUPDATE', scope: 'crm', about: 'A deal was changed.' }
]

test('events are found by words and stand by module', () => {
  assert.deepEqual(groups(all, '').map(group => [group.scope, group.events.length]), [['crm', 2], ['user', 1]])
  assert.deepEqual(groups(all, 'deal changed').flatMap(group => group.events.map(event => event.name)), ['ONCRMDEALUPDATE'])
  assert.deepEqual(groups(all, 'nothing'), [])
})

test('a whole group is taken and dropped at once', () => {
  const crm = all.filter(event => event.scope === 'crm')
  assert.equal(ticked(crm, ['ONCRMDEALUPDATE']), 'some')
  const taken = toggle(crm, ['ONCRMDEALUPDATE', 'ONUSERADD'], all)
  assert.deepEqual(taken, ['ONCRMLEADADD', 'ONUSERADD', 'ONCRMDEALUPDATE'])
  assert.equal(ticked(crm, taken), 'all')
  assert.deepEqual(toggle(crm, taken, all), ['ONUSERADD'])
})

test('an event that this server does not know is kept', () => {
  assert.deepEqual(toggle([all[1]!], ['ONOLD'], all), ['ONUSERADD', 'ONOLD'])
})
