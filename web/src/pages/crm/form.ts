/** A record as a form: every value as text or as a list of it, and what of it changed. */

import type { Field } from './fields'
import type { Wire } from './wire'

/** A record as `crm.*.get` answers. */
export type Record_ = Record<string, unknown>

/** One phone, e-mail address or the like; `id` is empty for a new one. */
export interface Contact {
  id: string
  type: string
  value: string
}

/** A file that was picked: its name and its bytes in Base64. */
export interface Picked {
  name: string
  base64: string
}

/** What an input holds. */
export type Value = string | string[] | Contact[] | Picked | null

/** The form's values by code. */
export type Form = Record<string, Value>

/** What `fields` of an add or update hold. */
export type Changes = Record<string, unknown>

/** A form for a record; for a new one give `{}`. */
export function open(fields: Field[], record: Record_): Form {
  return Object.fromEntries(fields.map(field => [field.code, valueOf(field, record[field.code])]))
}

function valueOf(field: Field, given: unknown): Value {
  if (field.widget === 'contacts') return contactsOf(given)
  if (field.widget === 'file') return null
  if (field.multiple) return (Array.isArray(given) ? given : given == null ? [] : [given]).map(text)
  if (field.widget === 'date') return text(given).slice(0, 10)
  if (field.widget === 'time') return text(given).slice(0, 16)
  return text(given)
}

function contactsOf(given: unknown): Contact[] {
  if (!Array.isArray(given)) return []
  return given.map((item: Record_) => ({ id: text(item.ID), type: text(item.VALUE_TYPE), value: text(item.VALUE) }))
}

/** A value of the wire as text: nothing is empty, and so is `false`. */
export function text(given: unknown): string {
  if (given === null || given === undefined || given === false) return ''
  if (given === true) return '1'
  return typeof given === 'object' ? JSON.stringify(given) : String(given)
}

/**
 * What an update says: only what differs from the record, so that nobody's change made meanwhile is undone.
 * Multi-fields name each value that was changed, added or taken away (protocol 6.5).
 */
export function changes(fields: Field[], before: Form, after: Form): Changes {
  const said: Changes = {}
  for (const field of fields) {
    if (field.readOnly) continue
    const [old, now] = [before[field.code] ?? null, after[field.code] ?? null]
    if (field.widget === 'contacts') {
      const list = contactChanges((old ?? []) as Contact[], (now ?? []) as Contact[])
      if (list.length > 0) said[field.code] = list
    } else if (field.widget === 'file') {
      if (now !== null) said[field.code] = { fileData: [(now as Picked).name, (now as Picked).base64] }
    } else if (JSON.stringify(filled(old)) !== JSON.stringify(filled(now))) {
      said[field.code] = filled(now)
    }
  }
  return said
}

/** Lists without the places that were left empty. */
function filled(value: Value): Value {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
    ? (value as string[]).filter(one => one.trim() !== '')
    : value
}

function contactChanges(before: Contact[], after: Contact[]): Record<string, string>[] {
  const kept = new Map(after.filter(one => one.id !== '').map(one => [one.id, one]))
  const said: Record<string, string>[] = []
  for (const old of before) {
    const now = kept.get(old.id)
    if (now === undefined || now.value.trim() === '') said.push({ ID: old.id, DELETE: 'Y' })
    else if (now.value !== old.value || now.type !== old.type)
      said.push({ ID: old.id, VALUE: now.value.trim(), VALUE_TYPE: now.type })
  }
  for (const one of after)
    if (one.id === '' && one.value.trim() !== '') said.push({ VALUE: one.value.trim(), VALUE_TYPE: one.type })
  return said
}

/** A record as it is told from a later one: of files the number alone, since links to them end. */
export function withoutLinks(fields: Field[], record: Record_): Record_ {
  const number = (file: unknown): unknown => (file !== null && typeof file === 'object' && 'id' in file ? { id: file.id } : file)
  const files = fields.filter(field => field.widget === 'file').map(({ code }) => [code, Array.isArray(record[code]) ? (record[code] as unknown[]).map(number) : number(record[code])])
  return { ...record, ...Object.fromEntries(files) }
}

/** Whether a value of the wire holds anything. */
export function isFilled(given: unknown): boolean {
  return Array.isArray(given) ? given.length > 0 : text(given) !== ''
}

/** Required fields that have nothing in them. A flag that is left out has its usual value. */
export function missing(fields: Field[], form: Form): string[] {
  const bare = (value: Value) => value === null || (typeof value === 'string' ? value.trim() === '' : false)
  return fields.filter(field => field.required && !field.readOnly && field.widget !== 'flag' && field.widget !== 'yes' && bare(form[field.code] ?? null)).map(f => f.code)
}

/** What every call says, as names and values of a form. */
export const basePairs = (wire: Wire): [string, string][] => Object.entries(wire.base).map(([name, value]) => [name, String(value)])

/** The changes as names and values of a form, as the request builder and cURL take them. */
export function pairsOf(wire: Wire, id: string | null, said: Changes): [string, string][] {
  const found: [string, string][] = basePairs(wire)
  if (id !== null) found.push(['id', id])
  const walk = (name: string, value: unknown) => {
    if (Array.isArray(value)) value.forEach((one, index) => walk(`${name}[${index}]`, one))
    else if (value !== null && typeof value === 'object')
      for (const [key, one] of Object.entries(value)) walk(`${name}[${key}]`, one)
    else found.push([name, text(value)])
  }
  for (const [code, value] of Object.entries(wire.out(said))) walk(`fields[${code}]`, value)
  return found
}
