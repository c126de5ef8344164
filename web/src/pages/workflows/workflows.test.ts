import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Template } from './calls'
import { draftOf, fieldsOf, isWhole, kindOf } from './workflows'

const TEMPLATE = {
  name: 'Approve', description: null, moduleId: 'lists', entity: 'BizprocDocument', documentType: 'iblock_7', ends: 'N', taskName: 'Look', taskActivity: 'ReviewActivity',
  taskUsers: [1, 'starter'], parameters: { size: { Name: 'Size', Type: 'int', Required: '1' } },
} as unknown as Template

test('documents have a kind, with a number where there are several', () => {
  assert.deepEqual(kindOf(TEMPLATE), { kind: 'list', number: '7' })
  assert.deepEqual(kindOf({ moduleId: 'crm', documentType: 'LEAD' }), { kind: 'LEAD', number: '' })
})

test('a template comes back as it was read', () => {
  assert.deepEqual(fieldsOf(draftOf(TEMPLATE), TEMPLATE), {
    name: 'Approve', description: '', parameters: { size: { Name: 'Size', Type: 'int', Required: '1' } }, ends: 'N',
    taskName: 'Look', taskActivity: 'ReviewActivity', taskUsers: ['1', 'starter'],
  })
})

test('the kind of documents is said in the words of requests', () => {
  const said = (more: object) => {
    const { moduleId, entity, documentType } = fieldsOf({ ...draftOf(), name: 'x', ...more })
    return [moduleId, entity, documentType]
  }
  assert.deepEqual(said({}), ['crm', 'CCrmDocumentDeal', 'DEAL'])
  assert.deepEqual(said({ kind: 'drive', number: ' 3 ' }), ['disk', 'Bitrix\\Disk\\BizProcDocument', 'STORAGE_3'])
})

test('a template is whole with a name and the number that its kind needs', () => {
  assert.equal(isWhole(draftOf()), false)
  assert.equal(isWhole({ ...draftOf(), name: 'x' }), true)
  assert.equal(isWhole({ ...draftOf(), name: 'x', kind: 'list' }), false)
})
