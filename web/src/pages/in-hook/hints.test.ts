import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fields, fieldsMethod, firstRows, hint, kindChoices, listed, missing, names, type Param } from './hints.ts'
import { COMPANY, INVOICE, KINDS, LEAD } from '../crm/kinds.sample.ts'
import type { Row } from './rows.ts'

const param = (name: string, type: string, required = false, choices?: string[]): Param =>
  ({ name, type, required, about: `${name}.`, ...(choices ? { choices } : {}) })

const params = [param('ID', 'integer', true), param('fields', 'object', true), param('filter', 'filter'),
  param('select', 'select'), param('order', 'order'), param('REGISTER', 'flag', false, ['Y', 'N'])]
const fields: Fields = {
  ID: { type: 'integer', title: 'ID', isReadOnly: true },
  TITLE: { type: 'string', title: 'Name', isRequired: true },
  STATUS_ID: { type: 'crm_status', title: 'Stage', statusType: 'STATUS' },
  OPENED: { type: 'char', title: 'For everyone' },
  UF_COLOR: { type: 'enumeration', title: 'Colour', items: [{ ID: '7', VALUE: 'Red' }] },
  PHONE: { type: 'crm_multifield', title: 'Phone', isMultiple: true },
  UF_TAGS: { type: 'string', title: 'Tags', isMultiple: true }
}

test('the entity of a method is told by its fields', () => {
  const known = (name: string) => name === 'crm.lead.fields'
  assert.equal(fieldsMethod('crm.lead.add', known), 'crm.lead.fields')
  assert.equal(fieldsMethod('crm.lead.fields', known), undefined)
  assert.equal(fieldsMethod('profile', known), undefined)
})

test('a row knows its parameter whatever the case', () => {
  assert.equal(hint('id', params, fields)?.required, true)
  assert.equal(hint('nothing', params, fields), undefined)
  assert.deepEqual(hint('register', params, fields)?.choices.map(one => one.value), ['Y', 'N'])
})

test('a field knows its type, its choices and its dictionary', () => {
  assert.deepEqual(hint('FIELDS[TITLE]', params, fields), { type: 'string', required: true, about: 'Name', choices: [] })
  assert.deepEqual(hint('fields[UF_COLOR]', params, fields)?.choices, [{ value: '7', label: 'Red' }])
  assert.equal(hint('filter[!=STATUS_ID]', params, fields)?.statusType, 'STATUS')
  assert.equal(hint('filter[TITLE]', params, fields)?.required, false)
  assert.deepEqual(hint('fields[OPENED]', params, fields)?.choices.map(one => one.value), ['Y', 'N'])
  assert.ok(hint('fields[PHONE][0][VALUE_TYPE]', params, fields)?.choices.some(one => one.value === 'WORK'))
  assert.equal(hint('fields[UNKNOWN]', params, fields)?.type, 'object')
})

test('lists of names and directions offer what fits', () => {
  assert.equal(hint('select[]', params, fields)?.choices.length, Object.keys(fields).length)
  assert.deepEqual(hint('order[ID]', params, fields)?.choices.map(one => one.value), ['ASC', 'DESC'])
})

test('names are offered once, and only those that can be written', () => {
  const offered = names(params, fields, [['ID', '1'], ['FIELDS[TITLE]', 'x'], ['select[]', 'ID']])
  assert.ok(!offered.includes('ID') && !offered.includes('fields[TITLE]') && !offered.includes('fields[ID]'))
  for (const name of ['fields[PHONE][0][VALUE]', 'fields[UF_TAGS][]', 'filter[ID]', 'order[ID]', 'select[]', 'REGISTER']) {
    assert.ok(offered.includes(name), name)
  }
  assert.deepEqual(names([param('fields', 'object'), param('halt', 'flag')], {}, []), ['fields', 'halt'])
})

test('a method begins with its example, and with what it requires', () => {
  const example: Row[] = [['id', '42'], ['fields[TITLE]', 'New'], ['order[ID]', 'ASC']]
  assert.deepEqual(firstRows(params, example), example)
  assert.deepEqual(firstRows(params, [['order[ID]', 'ASC']]), [['order[ID]', 'ASC'], ['ID', ''], ['fields', '']])
  assert.deepEqual(firstRows(params, []), [['ID', ''], ['fields', '']])
  assert.deepEqual(missing(params, [['id', ''], ['fields[TITLE]', 'x']]), ['ID'])
})

test('a number is known by the field that holds it, or by the method', () => {
  const of = (method: string, name: string, type: string, entityTypeId?: string) => listed(method, name, type, KINDS, entityTypeId)
  assert.equal(of('crm.deal.add', 'fields[COMPANY_ID]', 'crm_company'), COMPANY)
  assert.equal(of('crm.deal.add', 'fields[ASSIGNED_BY_ID]', 'user'), 'user')
  assert.equal(of('crm.lead.get', 'ID', 'integer'), LEAD)
  assert.equal(of('crm.lead.get', 'fields[ID]', 'integer'), undefined)
  assert.equal(of('crm.item.get', 'id', 'integer', '31'), INVOICE)
  assert.equal(of('crm.item.get', 'id', 'integer'), undefined)
  assert.equal(of('crm.deal.userfield.get', 'id', 'integer'), undefined)
  assert.equal(of('department.get', 'ID', 'integer'), undefined)
})

test('kinds of records are offered where one is meant by its number', () => {
  assert.deepEqual(kindChoices('entityTypeId', [INVOICE]), [{ value: '31', label: 'smart_invoices' }])
  for (const name of ['filter[=entityTypeId]', 'fields[ENTITY_TYPE_ID]']) assert.equal(kindChoices(name, KINDS).length, KINDS.length, name)
  assert.deepEqual(kindChoices('fields[entityTypeIds]', KINDS), [])
})
