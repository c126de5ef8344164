import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Descriptor, fieldsOf } from '../fields'
import { open } from '../form'
import { TYPE_ID, addressLine, editable, filledOf, linkOf, linkSaving, ofPreset, removalOf, savingOf, shownOf } from './parts'

const text = (more: Partial<Descriptor> = {}): Descriptor => ({ type: 'string', isRequired: false, isReadOnly: false, isImmutable: false, isMultiple: false, isDynamic: false, title: '', ...more })
const FIELDS = fieldsOf({ spelling: 'own', entity_type_id: TYPE_ID }, [], {
  ID: text({ isReadOnly: true }), ENTITY_ID: text({ isImmutable: true }), NAME: text({ title: 'Name' }), RQ_INN: text({ title: 'INN' }), RQ_PHONE: text({ title: 'Phone' }),
  RQ_IDENT_TYPE: text({ type: 'crm_status', statusType: ['RQ_IDENT_TYPE_CO'] }),
})
const codes = (fields: { code: string }[]) => fields.map(field => field.code)

test('a template says which fields there are, in its order and with its titles', () => {
  const fields = ofPreset(FIELDS, [{ FIELD_NAME: 'RQ_PHONE', FIELD_TITLE: 'Office' }, { FIELD_NAME: 'RQ_ADDR', FIELD_TITLE: '' }, { FIELD_NAME: 'RQ_INN', FIELD_TITLE: '' }])
  assert.deepEqual(fields.map(field => field.title), ['Name', 'Office', 'INN'])
  assert.equal(fields[0]!.required, true)
  assert.equal(FIELDS.find(field => field.code === 'RQ_IDENT_TYPE')!.dictionary, 'RQ_IDENT_TYPE_CO')
})

test('what a record holds beyond its template is shown, too', () => {
  const fields = ofPreset(FIELDS, [{ FIELD_NAME: 'RQ_PHONE', FIELD_TITLE: '' }])
  const record = { ID: '4', ENTITY_ID: '1', NAME: 'A', RQ_INN: '77', RQ_PHONE: '' }
  assert.deepEqual(codes(editable(FIELDS)), ['NAME', 'RQ_INN', 'RQ_PHONE', 'RQ_IDENT_TYPE'])
  assert.deepEqual(codes(shownOf(fields, FIELDS, record)), ['NAME', 'RQ_PHONE', 'RQ_INN'])
  assert.deepEqual(codes(filledOf(shownOf(fields, FIELDS, record), record)), ['RQ_INN'])
})

test('what was changed is saved, and a new one says whose it is', () => {
  const fields = editable(FIELDS)
  const before = open(fields, { NAME: 'A', RQ_INN: '77' })
  const old = savingOf('requisite', fields, before, { ...before, RQ_INN: '78' }, { ID: '4' }, {}, false)
  assert.deepEqual(old, { method: 'crm.requisite.update', params: { id: '4', fields: { RQ_INN: '78' } }, pairs: [['id', '4'], ['fields[RQ_INN]', '78']] })
  const made = savingOf('requisite.bankdetail', fields, open(fields, {}), { ...open(fields, {}), NAME: 'Bank' }, {}, { ENTITY_ID: '4' }, true)
  assert.deepEqual([made.method, made.params], ['crm.requisite.bankdetail.add', { fields: { ENTITY_ID: '4', NAME: 'Bank' } }])
})

test('an address is named by its type and its owner', () => {
  const address = { TYPE_ID: '1', ENTITY_TYPE_ID: '8', ENTITY_ID: '4', ADDRESS_1: 'Am Kai 1', POSTAL_CODE: '20457', CITY: 'Hamburg', COUNTRY: null }
  const key = { TYPE_ID: '1', ENTITY_TYPE_ID: '8', ENTITY_ID: '4' }
  const city = fieldsOf({ spelling: 'own', entity_type_id: TYPE_ID }, [], { CITY: text() })
  const saving = savingOf('address', city, open(city, address), { CITY: 'Kiel' }, address, {}, false)
  assert.deepEqual([saving.method, saving.params], ['crm.address.update', { fields: { ...key, CITY: 'Kiel' } }])
  assert.deepEqual(removalOf('address', address), { method: 'crm.address.delete', params: { fields: key } })
  assert.deepEqual(removalOf('requisite', { ID: '4' }), { method: 'crm.requisite.delete', params: { id: '4' } })
  assert.equal(addressLine(address), 'Am Kai 1, 20457 Hamburg')
})

test('a link without requisites is none', () => {
  const link = linkOf({ REQUISITE_ID: '1', BANK_DETAIL_ID: '2', MC_REQUISITE_ID: '0' })
  assert.deepEqual(linkSaving(2, 7, link), {
    method: 'crm.requisite.link.register',
    params: { fields: { ENTITY_TYPE_ID: 2, ENTITY_ID: 7, REQUISITE_ID: '1', BANK_DETAIL_ID: '2', MC_REQUISITE_ID: '0', MC_BANK_DETAIL_ID: '0' } },
    pairs: [['fields[ENTITY_TYPE_ID]', '2'], ['fields[ENTITY_ID]', '7'], ['fields[REQUISITE_ID]', '1'], ['fields[BANK_DETAIL_ID]', '2'], ['fields[MC_REQUISITE_ID]', '0'], ['fields[MC_BANK_DETAIL_ID]', '0']],
  })
  assert.deepEqual(linkSaving(2, 7, linkOf(undefined)).params, { entityTypeId: 2, entityId: 7 })
})
