import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Group, draftOf, rightsOf, saidOf } from './groups'

const group: Group = { ID: '1', NAME: 'Fair', DESCRIPTION: null, OPENED: 'N', VISIBLE: 'Y', CLOSED: 'N', PROJECT: 'N', OWNER_ID: '1', NUMBER_OF_MEMBERS: '1', DATE_ACTIVITY: '' }

test('workgroups say only what was changed', () => {
  const before = draftOf(group)
  assert.deepEqual(saidOf(before, before), {})
  assert.deepEqual(saidOf(before, { ...before, name: 'Stand', opened: true, visible: false }), { NAME: 'Stand', OPENED: 'Y', VISIBLE: 'N' })
})

test('workgroups are seen by everybody unless somebody says otherwise', () => {
  assert.equal(draftOf(undefined).visible, true)
})

test('workgroups are changed by moderators and given away by owners', () => {
  assert.deepEqual([rightsOf('A', false), rightsOf('E', false), rightsOf('K', false), rightsOf(undefined, true)], [
    { change: true, own: true }, { change: true, own: false }, { change: false, own: false }, { change: true, own: true },
  ])
})
