import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialogOf, draftOf, operatorsOf, type Entry, type Line } from './lines'

test('a dialog is what its chat says', () => {
  const entry = { title: 'Web site', counter: 2, message: { text: 'Hello', date: '2026-06-15T10:00:00+00:00' }, chat: { id: 13, owner: 1, entity_id: 'livechat|4|site|clara', entity_data_1: 'Y|LEAD|131|Y|N|1|1796033207|0|0|0', entity_data_3: 'N' } } as unknown as Entry
  const dialog = dialogOf(entry)
  assert.deepEqual([dialog.connector, dialog.line, dialog.client, dialog.operator, dialog.pinned, dialog.silent], ['livechat', '4', 'clara', 1, true, false])
  assert.deepEqual(dialog.record, { code: 'lead', id: '131' })
  assert.equal(dialogOf({ ...entry, chat: { ...entry.chat, entity_data_1: 'N|NONE|0|N|N|1|0|0|0|0' } }).record, undefined)
})

test('the form of a line has its settings', () => {
  const line = { ID: '1', LINE_NAME: 'Shop', ACTIVE: 'N', QUEUE_TYPE: 'all', QUEUE: ['2', '7'], QUEUE_USERS_FIELDS: { 2: { USER_NAME: 'Ines Vogel' } }, CRM: 'Y', KPI: 30 } as unknown as Line
  assert.deepEqual(draftOf(line, ['CRM', 'KPI', 'NEW']), { name: 'Shop', active: false, kind: 'all', queue: ['2', '7'], settings: { CRM: 'Y', KPI: '30', NEW: '' } })
  assert.deepEqual(operatorsOf(line), ['Ines Vogel', '#7'])
  assert.deepEqual(draftOf(undefined, []), { name: '', active: true, kind: 'evenly', queue: [], settings: {} })
})
