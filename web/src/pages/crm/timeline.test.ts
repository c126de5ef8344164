import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Activity, clock, merge, plain, talk } from './timeline'

const activity = (more: Partial<Activity>): Activity => ({
  ID: '1', TYPE_ID: '2', PROVIDER_ID: 'VOXIMPLANT_CALL', SUBJECT: 'Call', DESCRIPTION: '', DESCRIPTION_TYPE: '1',
  CREATED: '2026-06-01T12:00:00+00:00', DEADLINE: '2026-06-02T12:00:00+00:00', COMPLETED: 'N', AUTHOR_ID: '1', FILES: [], ...more,
})

test('everything stands in one list, the latest first', () => {
  const comment = { ID: '3', CREATED: '2026-06-01T14:00:00+02:00', COMMENT: '[b]Wants[/b] it', AUTHOR_ID: '2', FILES: { 7: { name: 'a.txt', urlDownload: '/a' } } }
  const message = { id: 4, created: '2026-06-01T13:00:00+00:00', authorId: 1, title: 'Shop', text: 'Paid' }
  const entries = merge([comment], [message], [activity({}), activity({ ID: '10', COMPLETED: 'Y' })])
  assert.deepEqual(entries.map(one => one.key), ['log-4', 'comment-3', 'activity-10', 'activity-1'])
  assert.deepEqual(entries[1]?.files, [{ name: 'a.txt', url: '/a' }])
  assert.equal(entries[1]?.text, 'Wants it')
  assert.deepEqual(entries.map(one => one.done), [undefined, undefined, true, false])
})

test('an activity is called by its type, a to-do by its provider', () => {
  const kind = (more: Partial<Activity>) => merge([], [], [activity(more)])[0]?.kind
  assert.equal(kind({}), 'call')
  assert.equal(kind({ TYPE_ID: '1' }), 'meeting')
  assert.equal(kind({ TYPE_ID: '6', PROVIDER_ID: 'CRM_TODO' }), 'todo')
  assert.equal(kind({ TYPE_ID: '6', PROVIDER_ID: 'CRM_SMS' }), 'activity')
  assert.deepEqual(merge([{ ID: '1', CREATED: '2026-06-01T14:00:00+02:00', COMMENT: '', AUTHOR_ID: '1', FILES: [] }], [], [])[0]?.files, [])
})

test('markup is left out', () => {
  assert.equal(plain('<p>One<br>[url=https://a.test]two[/url]</p> [3]'), 'One\ntwo [3]')
})

test('a call that took place says its way, number and length', () => {
  const reported = {
    ORIGIN_ID: 'VI_externalCall.1', DIRECTION: '1', START_TIME: '2026-06-01T12:00:00+00:00', END_TIME: '2026-06-01T12:01:35+00:00',
    COMMUNICATIONS: [{ VALUE: '+49 30 1' }],
  }
  assert.deepEqual(talk(activity(reported)), { way: 'in', number: '+49 30 1', length: 95 })
  assert.equal(talk(activity({ ...reported, SETTINGS: { MISSED_CALL: true } }))?.way, 'missed')
  assert.equal(talk(activity({ ...reported, DIRECTION: '2', SETTINGS: [] }))?.way, 'out')
  assert.equal(talk(activity({ ...reported, ORIGIN_ID: null })), undefined, 'it is only planned')
  assert.deepEqual([95, 3727, 5].map(clock), ['1:35', '1:02:07', '0:05'])
})
