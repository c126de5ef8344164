/** Requisites, and what belongs to them: bank details and addresses. Which fields they show, and how they are written. */

import type { Field } from '../fields'
import { type Changes, type Form, type Record_, changes, isFilled, pairsOf, text } from '../form'
import { type Wire, wireOf } from '../wire'

/** The number of requisites among owners of addresses and bank details. */
export const TYPE_ID = 8

export type PartCode = 'requisite' | 'requisite.bankdetail' | 'address'

/** How calls about one of them are written. */
export const partWire = (code: PartCode): Wire => wireOf({ code, spelling: 'own', entity_type_id: TYPE_ID })

/** A field that a template names. */
export interface PresetField {
  FIELD_NAME: string
  FIELD_TITLE: string
}

/** What the system keeps of each, or the page shows elsewhere. */
const HIDDEN = /^(ID|ENTITY_TYPE_ID|ENTITY_ID|PRESET_ID|TYPE_ID|DATE_CREATE|DATE_MODIFY|CREATED_BY_ID|MODIFY_BY_ID|ANCHOR_TYPE_ID|ANCHOR_ID|LOC_ADDR_ID|XML_ID|ORIGINATOR_ID|ADDRESS_ONLY|SORT|CODE|ACTIVE|COUNTRY_ID|COUNTRY_CODE)$/

/** The fields that people fill in. Without a name none is saved, which `fields` does not say. */
export const editable = (fields: Field[]): Field[] =>
  fields.filter(field => !field.readOnly && !HIDDEN.test(field.code)).map(field => (field.code === 'NAME' ? { ...field, required: true } : field))

/** The name, and then what the template asks for, in its order and with its titles. */
export function ofPreset(fields: Field[], preset: PresetField[]): Field[] {
  const byCode = new Map(editable(fields).map(field => [field.code, field]))
  const named = preset.flatMap(({ FIELD_NAME, FIELD_TITLE }) => {
    const field = byCode.get(FIELD_NAME)
    return field ? [{ ...field, title: FIELD_TITLE || field.title }] : []
  })
  const name = byCode.get('NAME')
  return [...(name ? [name] : []), ...named.filter(field => field.code !== 'NAME')]
}

/** What a form shows: its fields, and what else the record holds, so that nothing is hidden. */
export function shownOf(fields: Field[], all: Field[], record: Record_): Field[] {
  const more = editable(all).filter(field => isFilled(record[field.code]) && !fields.some(one => one.code === field.code))
  return [...fields, ...more]
}

/** The fields that hold something, for reading. */
export const filledOf = (fields: Field[], record: Record_): Field[] => fields.filter(field => field.code !== 'NAME' && isFilled(record[field.code]))

/** Which one of an owner's addresses: there is one of a type. Other rows have numbers. */
export function keyOf(code: PartCode, record: Record_): Changes {
  return code === 'address'
    ? Object.fromEntries(['TYPE_ID', 'ENTITY_TYPE_ID', 'ENTITY_ID'].map(name => [name, record[name]]))
    : { id: record.ID }
}

/** A call that saves: its method and parameters, and the same as names and values of a form. */
export interface Saving {
  method: string
  params: Record<string, unknown>
  pairs: [string, string][]
}

/** What is said to save a form; `fixed` says of a new one whose it is. */
export function savingOf(code: PartCode, fields: Field[], before: Form, form: Form, record: Record_, fixed: Changes, isNew: boolean): Saving {
  const said = changes(fields, before, form)
  const wire = partWire(code)
  if (isNew) {
    const all = { ...fixed, ...said }
    return { method: wire.method('add'), params: { fields: all }, pairs: pairsOf(wire, null, all) }
  }
  const key = keyOf(code, record)
  if (code === 'address') return { method: wire.method('update'), params: { fields: { ...key, ...said } }, pairs: pairsOf(wire, null, { ...key, ...said }) }
  return { method: wire.method('update'), params: { ...key, fields: said }, pairs: pairsOf(wire, text(key.id), said) }
}

/** What is said to delete one. */
export function removalOf(code: PartCode, record: Record_): { method: string, params: Record<string, unknown> } {
  const key = keyOf(code, record)
  return { method: partWire(code).method('delete'), params: code === 'address' ? { fields: key } : key }
}

/** An address on one line, as it is written on a letter. */
export function addressLine(record: Record_): string {
  const part = (...codes: string[]) => codes.map(code => text(record[code])).filter(one => one !== '').join(' ')
  return [part('ADDRESS_1'), part('ADDRESS_2'), part('POSTAL_CODE', 'CITY'), part('REGION'), part('PROVINCE'), part('COUNTRY')].filter(one => one !== '').join(', ')
}

/** A link of a record to requisites, as it is chosen; '0' is none. */
export interface Link {
  REQUISITE_ID: string
  BANK_DETAIL_ID: string
  MC_REQUISITE_ID: string
  MC_BANK_DETAIL_ID: string
}

export const LINKED = ['REQUISITE_ID', 'BANK_DETAIL_ID', 'MC_REQUISITE_ID', 'MC_BANK_DETAIL_ID'] as const

/** What a row says, or that there is none. */
export const linkOf = (row: Record_ | undefined): Link => Object.fromEntries(LINKED.map(name => [name, text(row?.[name]) || '0'])) as unknown as Link

/** The call that saves a link: without any requisite there is none. */
export function linkSaving(entityTypeId: number, id: number, link: Link): Saving {
  const isNone = LINKED.every(name => link[name] === '0')
  const item = { entityTypeId, entityId: id }
  if (isNone) return { method: 'crm.requisite.link.unregister', params: item, pairs: Object.entries(item).map(([name, value]) => [name, String(value)]) }
  const fields = { ENTITY_TYPE_ID: entityTypeId, ENTITY_ID: id, ...link }
  return { method: 'crm.requisite.link.register', params: { fields }, pairs: pairsOf(partWire('requisite'), null, fields) }
}
