// What is known about a parameter row: from the method's declaration, and from the fields of its entity.

import type { Kind } from '@/api/kinds'
import { path, type Row } from './rows.ts'

export interface Param {
  name: string
  type: string
  required: boolean
  about: string
  choices?: string[]
  /** What stands in it, where that is known. */
  members?: Param[]
}

/** A field as `crm.lead.fields` tells of it. */
export interface Field {
  type: string
  title?: string
  isRequired?: boolean
  isReadOnly?: boolean
  isMultiple?: boolean
  statusType?: string
  items?: { ID: string, VALUE: string }[]
}

export type Fields = Record<string, Field>

export interface Hint {
  type: string
  required: boolean
  about: string
  choices: { value: string, label: string }[]
  /** Of which dictionary the choices are, where they have to be asked for. */
  statusType?: string
}

/** The method that tells the fields of what this method works on: `crm.lead.fields` for `crm.lead.add`. */
export function fieldsMethod(method: string, known: (name: string) => boolean): string | undefined {
  const name = `${method.slice(0, method.lastIndexOf('.'))}.fields`
  return method.includes('.') && name !== method && known(name) ? name : undefined
}

/** The method's parameter that a row belongs to, whatever its case (protocol 1.7). */
export function paramOf(name: string, params: Param[]): Param | undefined {
  const head = path(name.trim())[0]?.toLowerCase()
  return params.find(param => param.name.toLowerCase() === head)
}

/** `undefined` for a row that nothing is known about: it is sent as it is. */
export function hint(name: string, params: Param[], fields: Fields): Hint | undefined {
  const param = paramOf(name, params)
  if (!param) return undefined
  const keys = path(name.trim())
  const inner = keys[1] === undefined ? undefined : ofField(param, keys, fields)
  return inner ?? ofParam(param, keys, fields)
}

function ofParam(param: Param, keys: string[], fields: Fields): Hint {
  const own = { type: param.type, required: param.required, about: param.about }
  if (param.type === 'select' && keys.length > 1) return { ...own, type: 'string', choices: choices(fields) }
  if (param.type === 'order' && keys.length > 1) return { ...own, choices: ['ASC', 'DESC'].map(plain) }
  return { ...own, choices: (param.choices ?? []).map(plain) }
}

/** Kinds of phone numbers, addresses and the like (protocol 6; not each of them fits each field). */
const KINDS = ['WORK', 'MOBILE', 'HOME', 'FAX', 'PAGER', 'MAILING', 'OTHER']

function ofField(param: Param, keys: string[], fields: Fields): Hint | undefined {
  if (param.type !== 'object' && param.type !== 'filter') return undefined
  const code = (keys[1] ?? '').replace(/^[!@%=<>?*]+/, '')
  const field = Object.entries(fields).find(([name]) => name.toLowerCase() === code.toLowerCase())?.[1]
  if (!field) return undefined
  const isKind = field.type === 'crm_multifield' && keys.at(-1)?.toUpperCase() === 'VALUE_TYPE'
  if (isKind) return { type: 'string', required: false, about: field.title ?? code, choices: KINDS.map(plain) }
  return {
    type: field.type,
    required: param.type === 'object' && field.isRequired === true,
    about: field.title ?? code,
    choices: [...(field.items ?? []).map(one => ({ value: one.ID, label: one.VALUE })), ...flags(field.type)],
    ...(field.statusType ? { statusType: field.statusType } : {})
  }
}

function flags(type: string): Hint['choices'] {
  return type === 'char' || type === 'boolean' ? ['Y', 'N'].map(plain) : []
}

function choices(fields: Fields): Hint['choices'] {
  return Object.entries(fields).map(([value, field]) => ({ value, label: field.title ?? value }))
}

function plain(value: string): { value: string, label: string } {
  return { value, label: value }
}

/** Things that a value may name by its number, and that can be listed to choose from: users, and the records of a kind. */
export type Listed = 'user' | Kind

/** What a row's number is the number of: told by the field's type, or by the method for its own `id`. */
export function listed(method: string, name: string, type: string, kinds: Kind[], entityTypeId = ''): Listed | undefined {
  if (type === 'user' || type === 'employee') return 'user'
  const named = kinds.find(kind => type === `crm_${kind.code}`)
  if (named || name.trim().toLowerCase() !== 'id') return named
  const [, own, rest] = /^crm\.([a-z_]+)\.([\w.]+)$/.exec(method) ?? []
  if (rest?.startsWith('userfield.')) return undefined
  return kinds.find(kind => (own === 'item' ? String(kind.entity_type_id) === entityTypeId : kind.spelling === 'own' && kind.code === own))
}

/** The kinds as values of a parameter that says which one is meant. */
export function kindChoices(name: string, kinds: Kind[]): Hint['choices'] {
  const isKind = /(^|\[[^\w]*)(entityTypeId|ENTITY_TYPE_ID)\]?$/i.test(name.trim())
  return isKind ? kinds.map(kind => ({ value: String(kind.entity_type_id), label: kind.plural })) : []
}

/** Names that a row could have and none has yet: parameters, and fields in those that take them. */
export function names(params: Param[], fields: Fields, rows: Row[]): string[] {
  const taken = new Set(rows.map(([name]) => name.trim().toLowerCase()))
  const all = params.flatMap(param => namesOf(param, fields))
  return all.filter(name => name.endsWith('[]') || !taken.has(name.toLowerCase()))
}

function namesOf(param: Param, fields: Fields): string[] {
  const codes = Object.entries(fields)
  const inside = (list: typeof codes) => list.map(([code, field]) => `${param.name}[${code}]${valueOf(field)}`)
  if (codes.length === 0) return param.type === 'select' || param.type === 'list' ? [`${param.name}[]`] : [param.name]
  if (param.type === 'object') return inside(codes.filter(([, field]) => !field.isReadOnly))
  if (param.type === 'filter' || param.type === 'order') return codes.map(([code]) => `${param.name}[${code}]`)
  return param.type === 'select' || param.type === 'list' ? [`${param.name}[]`] : [param.name]
}

function valueOf(field: Field): string {
  if (field.type === 'crm_multifield') return '[0][VALUE]'
  return field.isMultiple ? '[]' : ''
}

/** The rows that a method begins with: its example, and what it requires beside that. */
export function firstRows(params: Param[], example: Row[]): Row[] {
  const lacking = params.filter(param => param.required && !example.some(([name]) => paramOf(name, [param])))
  return [...example, ...lacking.map((param): Row => [param.type === 'list' ? `${param.name}[]` : param.name, ''])]
}

/** Required parameters that no row gives. */
export function missing(params: Param[], rows: Row[]): string[] {
  const given = (param: Param) => rows.some(([name, value]) => value !== '' && paramOf(name, [param]))
  return params.filter(param => param.required && !given(param)).map(param => param.name)
}
