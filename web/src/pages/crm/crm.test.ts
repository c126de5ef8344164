import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Descriptor, fieldsOf, nameOf } from './fields'
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

const FIELDS = fieldsOf({
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

const field = (code: string) => FIELDS.find(one => one.code === code)!

test('descriptors become fields that know how they are edited', () => {
  assert.equal(field('COMMENTS').widget, 'long')
  assert.equal(field('COMPANY_ID').target, 'company')
  assert.equal(field('STATUS_ID').dictionary, 'STATUS')
  assert.deepEqual([field('UF_CRM_COLOR').title, field('UF_CRM_COLOR').choices], ['Colour', [{ id: '1', title: 'Red' }]])
})

test('a record is called by its title, a contact by the names', () => {
  assert.equal(nameOf('lead', { ID: '3', TITLE: 'Website enquiry' }), 'Website enquiry')
  assert.equal(nameOf('contact', { ID: '3', NAME: 'Clara', LAST_NAME: 'Ahlberg' }), 'Clara Ahlberg')
  assert.equal(nameOf('lead', { ID: '3', TITLE: null, NAME: null }), '#3')
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
  assert.deepEqual(pairs(rows, NEWEST, ['ID', 'TITLE']), [
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
  assert.deepEqual(pairsOf('5', { TITLE: 'New', PHONE: [{ ID: '47', DELETE: 'Y' }] }), [
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
