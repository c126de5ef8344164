import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deletes } from './deletes.ts'

test('methods that take something away are known by their last word', () => {
  for (const method of ['crm.lead.delete', 'disk.file.markdeleted', 'task.item.deleteall', 'im.chat.user.delete']) assert.equal(deletes(method), method !== 'disk.file.markdeleted', method)
  for (const method of ['crm.lead.list', 'delete.me.not', 'profile', '']) assert.equal(deletes(method), false, method)
})
