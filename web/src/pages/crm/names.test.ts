import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldsOf } from './fields'
import { COMPANY, DEAL, KINDS } from './kinds.sample'
import { type Names, addStatuses, choicesOf, linkOf, put, shown, stagesOf, unknown } from './names'

const flags = { isRequired: false, isReadOnly: false, isImmutable: false, isMultiple: false, isDynamic: false, title: '' }
const FIELDS = fieldsOf(DEAL, KINDS, {
  STAGE_ID: { ...flags, type: 'crm_status', statusType: 'DEAL_STAGE' },
  COMPANY_ID: { ...flags, type: 'crm_company' },
  ASSIGNED_BY_ID: { ...flags, type: 'user' },
  PHONE: { ...flags, type: 'crm_multifield', isMultiple: true },
  UF_CRM_COLOR: { ...flags, type: 'enumeration', isMultiple: true, items: [{ ID: '1', VALUE: 'Red' }, { ID: '2', VALUE: 'Blue' }] },
  UF_CRM_ABOUT: { ...flags, type: 'crm', isMultiple: true, settings: { COMPANY: 'Y', DEAL: 'Y' } },
  UF_CRM_ONE: { ...flags, type: 'crm', settings: { COMPANY: 'Y', DEAL: 'N' } },
  BEGINDATE: { ...flags, type: 'date' },
})
const field = (code: string) => FIELDS.find(one => one.code === code)!

function known(): Names {
  const names: Names = new Map()
  addStatuses(names, [
    { ENTITY_ID: 'DEAL_STAGE', STATUS_ID: 'NEW', NAME: 'New' },
    { ENTITY_ID: 'DEAL_STAGE_3', STATUS_ID: 'C3:NEW', NAME: 'Fresh' },
  ])
  put(names, 'company', '7', 'Nordlicht GmbH')
  return names
}

test('codes are shown by name, of every pipeline', () => {
  const names = known()
  assert.deepEqual(shown(field('STAGE_ID'), 'C3:NEW', names), [{ text: 'Fresh' }])
  assert.deepEqual(shown(field('STAGE_ID'), 'GONE', names), [{ text: 'GONE' }])
  assert.deepEqual(choicesOf(names, stagesOf('DEAL_STAGE', '3')), [{ id: 'C3:NEW', title: 'Fresh' }])
  assert.equal(stagesOf('DEAL_STAGE', '0'), 'DEAL_STAGE')
  assert.equal(stagesOf('SOURCE', '3'), 'SOURCE')
})

test('links lead to their pages, with the number where the name is not known', () => {
  const names = known()
  assert.deepEqual(shown(field('COMPANY_ID'), '7', names), [{ text: 'Nordlicht GmbH', path: '/crm/company/details/7/' }])
  assert.deepEqual(shown(field('COMPANY_ID'), '8', names), [{ text: '#8', path: '/crm/company/details/8/' }])
  assert.deepEqual(shown(field('COMPANY_ID'), null, names), [])
  assert.deepEqual(shown(field('COMPANY_ID'), '0', names), [])
})

test('lists, choices and days are shown as people read them', () => {
  assert.deepEqual(shown(field('UF_CRM_COLOR'), [2, 9], known()), [{ text: 'Blue' }, { text: '9' }])
  assert.deepEqual(shown(field('PHONE'), [{ ID: '1', VALUE: '+1' }], known()), [{ text: '+1' }])
  assert.deepEqual(shown(field('BEGINDATE'), '2026-11-23T00:00:00+03:00', known()), [{ text: '2026-11-23', day: '2026-11-23' }])
})

test('only names that are missing are asked for, once', () => {
  const records = [{ COMPANY_ID: '7', ASSIGNED_BY_ID: '2' }, { COMPANY_ID: '8', ASSIGNED_BY_ID: '2' }, { COMPANY_ID: '0' }]
  assert.deepEqual([...unknown(known(), FIELDS, records)], [[COMPANY, ['8']], ['user', ['2']]])
})

test('a typed reference leads to the kind that it names, a bare one to the only kind', () => {
  assert.deepEqual(linkOf(field('UF_CRM_ABOUT'), 'D_7'), { kind: DEAL, id: '7' })
  assert.equal(linkOf(field('UF_CRM_ABOUT'), 'L_7'), null)
  assert.deepEqual(shown(field('UF_CRM_ABOUT'), ['CO_7', 'L_1'], known()), [{ text: 'Nordlicht GmbH', path: '/crm/company/details/7/' }, { text: 'L_1' }])
  assert.deepEqual(shown(field('UF_CRM_ONE'), 8, known()), [{ text: '#8', path: '/crm/company/details/8/' }])
})
