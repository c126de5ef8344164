import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Descriptor, fieldsOf, nameOf } from './fields'
import { COMPANY, CONTACT, DEAL, INVOICE, KINDS, LEAD } from './kinds.sample'
import { wireOf } from './wire'
import { NEWEST, complete, opsOf, pairs, readOrder, readRows, rest, writeOrder, writeRows } from './filter'
import { changes, missing, open, pairsOf } from './form'

const said = (type: string, more: Partial<Descriptor> = {}): Descriptor => ({
  type,
  isRequired: false,
  isReadOnly: false,
  isImmutable: false,
  isMultiple: false,
  isDynamic: false,
  title: 'Title',
  ...more,
})

const FIELDS = fieldsOf(LEAD, KINDS, {
  ID: said('integer', { isReadOnly: true }),
  TITLE: said('string', { isRequired: true }),
  COMMENTS: said('string'),
  STATUS_ID: said('crm_status', { statusType: 'STATUS' }),
  OPENED: said('char'),
  BIRTHDATE: said('date'),
  DATE_CREATE: said('datetime', { isReadOnly: true }),
  COMPANY_ID: said('crm_company'),
  CONTACT_IDS: said('crm_contact', { isMultiple: true }),
  PHONE: said('crm_multifield', { isMultiple: true }),
  PHOTO: said('file'),
  UF_CRM_COLOR: said('enumeration', { isMultiple: true, isDynamic: true, formLabel: 'Colour', items: [{ ID: '1', VALUE: 'Red' }] }),
})

const OWN = wireOf(LEAD, FIELDS)
const field = (code: string) => FIELDS.find(one => one.code === code)!

test('descriptors become fields that know how they are edited', () => {
  assert.equal(field('COMMENTS').widget, 'long')
  assert.equal(field('COMPANY_ID').target, COMPANY)
  assert.equal(field('STATUS_ID').dictionary, 'STATUS')
  assert.deepEqual([field('UF_CRM_COLOR').title, field('UF_CRM_COLOR').choices], ['Colour', [{ id: '1', title: 'Red' }]])
})

test('a record is called by its title, a contact by the names', () => {
  assert.equal(nameOf({ ID: '3', TITLE: 'Website enquiry' }), 'Website enquiry')
  assert.equal(nameOf({ ID: '3', NAME: 'Clara', LAST_NAME: 'Ahlberg' }), 'Clara Ahlberg')
  assert.equal(nameOf({ ID: '3', TITLE: null, NAME: null }), '#3')
})

test('filter rows become the filter of REST', () => {
  const rows = [
    { op: '>=' as const, field: 'DATE_CREATE', value: '2026-01-01' },
    { op: '=' as const, field: 'STATUS_ID', value: 'NEW' },
    { op: '=' as const, field: 'STATUS_ID', value: 'IN_PROCESS' },
    { op: 'filled' as const, field: 'COMPANY_ID', value: '' },
    { op: '%' as const, field: 'TITLE', value: '  ' },
  ]
  assert.deepEqual(rest(rows), { '>=DATE_CREATE': '2026-01-01', STATUS_ID: ['NEW', 'IN_PROCESS'], '!COMPANY_ID': '' })
  assert.equal(complete(rows[4]!), false)
  assert.deepEqual(pairs(OWN, rows, NEWEST, ['ID', 'TITLE']), [
    ['filter[>=DATE_CREATE]', '2026-01-01'],
    ['filter[STATUS_ID][]', 'NEW'],
    ['filter[STATUS_ID][]', 'IN_PROCESS'],
    ['filter[!COMPANY_ID]', ''],
    ['order[ID]', 'DESC'],
    ['select[]', 'ID'],
    ['select[]', 'TITLE'],
  ])
})

test('the address gives back the rows it was given', () => {
  const rows = [
    { op: '!%' as const, field: 'TITLE', value: 'a:b&c' },
    { op: 'empty' as const, field: 'COMPANY_ID', value: '' },
    { op: 'filled' as const, field: 'UF_CRM_COLOR', value: '' },
    { op: '=' as const, field: 'ID', value: '7' },
  ]
  assert.deepEqual(readRows(writeRows(rows)), rows)
  assert.deepEqual(readRows(['%%%', 'lower:1', null]), [])
  assert.deepEqual(readRows('TITLE:x'), [{ op: '=', field: 'TITLE', value: 'x' }])
})

test('order is by a field that there is, or else newest first', () => {
  assert.deepEqual(readOrder('-DATE_CREATE', FIELDS), { field: 'DATE_CREATE', down: true })
  assert.deepEqual(readOrder('NOTHING', FIELDS), NEWEST)
  assert.equal(writeOrder({ field: 'TITLE', down: false }), 'TITLE')
})

test('phones compare whole, texts by part', () => {
  assert.deepEqual(opsOf(field('PHONE')), ['='])
  assert.equal(opsOf(field('TITLE'))[0], '%')
})

test('an update says only what changed', () => {
  const record = {
    ID: '5',
    TITLE: 'Old',
    BIRTHDATE: '2001-11-11T00:00:00+02:00',
    CONTACT_IDS: ['1', '2'],
    UF_CRM_COLOR: [1],
    PHONE: [
      { ID: '46', VALUE_TYPE: 'WORK', VALUE: '+1' },
      { ID: '47', VALUE_TYPE: 'HOME', VALUE: '+2' },
      { ID: '48', VALUE_TYPE: 'HOME', VALUE: '+3' },
    ],
  }
  const before = open(FIELDS, record)
  assert.equal(before.BIRTHDATE, '2001-11-11')
  assert.deepEqual(changes(FIELDS, before, structuredClone(before)), {})
  const after = structuredClone(before)
  after.TITLE = 'New'
  after.UF_CRM_COLOR = ['1', '', '2']
  after.PHONE = [
    { id: '46', type: 'MOBILE', value: '+1' },
    { id: '48', type: 'HOME', value: '+3' },
    { id: '', type: 'WORK', value: ' +4 ' },
    { id: '', type: 'WORK', value: '' },
  ]
  after.PHOTO = { name: 'a.png', base64: 'AAAA' }
  const update = changes(FIELDS, before, after)
  assert.deepEqual(update, {
    TITLE: 'New',
    PHONE: [
      { ID: '46', VALUE: '+1', VALUE_TYPE: 'MOBILE' },
      { ID: '47', DELETE: 'Y' },
      { VALUE: '+4', VALUE_TYPE: 'WORK' },
    ],
    PHOTO: { fileData: ['a.png', 'AAAA'] },
    UF_CRM_COLOR: ['1', '2'],
  })
  assert.deepEqual(pairsOf(OWN, '5', { TITLE: 'New', PHONE: [{ ID: '47', DELETE: 'Y' }] }), [
    ['id', '5'],
    ['fields[TITLE]', 'New'],
    ['fields[PHONE][0][ID]', '47'],
    ['fields[PHONE][0][DELETE]', 'Y'],
  ])
})

test('what must be there is asked for', () => {
  assert.deepEqual(missing(FIELDS, open(FIELDS, {})), ['TITLE'])
  assert.deepEqual(missing(FIELDS, open(FIELDS, { TITLE: 'x' })), [])
})

const ITEM = fieldsOf(INVOICE, KINDS, {
  id: said('integer', { isReadOnly: true, upperName: 'ID' }),
  title: said('string', { upperName: 'TITLE' }),
  stageId: said('crm_status', { upperName: 'STAGE_ID', statusType: 'SMART_INVOICE_STAGE' }),
  opened: said('boolean', { upperName: 'OPENED' }),
  parentId2: said('crm_entity', { upperName: 'PARENT_ID_2', settings: { parentEntityTypeId: 2 } }),
  contactIds: said('crm_contact', { upperName: 'CONTACT_IDS', isMultiple: true }),
  comments: said('text', { upperName: 'COMMENTS' }),
  ufCrm31_1690: said('crm', { upperName: 'UF_CRM_31_1690', isDynamic: true, settings: { LEAD: 'Y', DEAL: 'Y', CONTACT: 'N' } }),
})

test('an item is described by the names in capitals', () => {
  const of = (code: string) => ITEM.find(one => one.code === code)!
  assert.equal(of('OPENED').widget, 'flag')
  assert.equal(of('COMMENTS').widget, 'long')
  assert.deepEqual([of('PARENT_ID_2').widget, of('PARENT_ID_2').target], ['link', DEAL])
  assert.deepEqual(of('CONTACT_IDS').target, CONTACT)
  assert.deepEqual([of('UF_CRM_31_1690').target, of('UF_CRM_31_1690').targets], [null, [LEAD, DEAL]])
})

test('an item travels under its own names, with its type', () => {
  const wire = wireOf(INVOICE, ITEM)
  const filter = [{ op: '>=' as const, field: 'UF_CRM_31_1690', value: '1' }, { op: 'filled' as const, field: 'PARENT_ID_2', value: '' }]
  assert.deepEqual(pairs(wire, filter, NEWEST, ['ID', 'STAGE_ID']), [
    ['entityTypeId', '31'], ['filter[>=ufCrm31_1690]', '1'], ['filter[!parentId2]', ''], ['order[id]', 'DESC'], ['select[]', 'id'], ['select[]', 'stageId'],
  ])
  assert.deepEqual(pairsOf(wire, '7', { UF_CRM_31_1690: 'D_1' }), [['entityTypeId', '31'], ['id', '7'], ['fields[ufCrm31_1690]', 'D_1']])
  const record = { id: 7, createdTime: 'x', ufCrm31_1690: 'D_1', parentId2: 3 }
  const back = wire.back(record)
  assert.deepEqual(back, { ID: 7, CREATED_TIME: 'x', UF_CRM_31_1690: 'D_1', PARENT_ID_2: 3 })
  assert.deepEqual(wire.out(back), record)
  assert.deepEqual([wire.method('list'), wire.inside({ items: [1] }, 'items')], ['crm.item.list', [1]])
  assert.deepEqual([OWN.method('list'), OWN.inside([1], 'items'), OWN.base], ['crm.lead.list', [1], {}])
})
