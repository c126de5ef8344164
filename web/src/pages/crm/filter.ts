/** The filter rows above a CRM list, as people set them, as REST takes them, and as the address keeps them. */

import type { Field } from './fields'
import { basePairs } from './form'
import type { Wire } from './wire'

/** One condition: a comparison prefix of protocol 5.2, a field's code, and a value as text. */
export interface Row {
  op: Op
  field: string
  value: string
}

/** The prefixes. `=` stands for none as well, `empty` and `filled` are equality with nothing. */
export type Op = '=' | '!' | '>' | '>=' | '<' | '<=' | '%' | '!%' | 'empty' | 'filled'

const TEXT: Op[] = ['%', '!%', '=', '!', 'empty', 'filled']
const AMOUNT: Op[] = ['=', '!', '>', '>=', '<', '<=', 'empty', 'filled']
const CODE: Op[] = ['=', '!', 'empty', 'filled']

/** What can be asked of a field, the likeliest first. Multi-fields compare whole values only. */
export function opsOf(field: Field): Op[] {
  switch (field.widget) {
    case 'contacts':
      return ['=']
    case 'number':
      return AMOUNT
    case 'date':
    case 'time':
      return ['>=', '<=', '>', '<', '=', 'empty', 'filled']
    case 'text':
    case 'long':
      return TEXT
    case 'file':
      return ['empty', 'filled']
    default:
      return CODE
  }
}

/** Whether a condition needs a value. */
export function takesValue(op: Op): boolean {
  return op !== 'empty' && op !== 'filled'
}

/** Whether a row says enough to be sent: one without a value would find what is empty, which has its own word. */
export function complete(row: Row): boolean {
  return row.field !== '' && (!takesValue(row.op) || row.value.trim() !== '')
}

/** The key of a row in a REST filter. */
export function keyOf(row: Row): string {
  if (row.op === 'empty') return `=${row.field}`
  if (row.op === 'filled') return `!${row.field}`
  return row.op === '=' ? row.field : `${row.op}${row.field}`
}

/** The filter as `crm.*.list` takes it. Equal keys of two rows become a list of values, which means any of them. */
export function rest(rows: Row[]): Record<string, string | string[]> {
  const filter: Record<string, string | string[]> = {}
  for (const row of rows.filter(complete)) {
    const key = keyOf(row)
    const value = takesValue(row.op) ? row.value.trim() : ''
    const there = filter[key]
    filter[key] = there === undefined ? value : [there, value].flat()
  }
  return filter
}

/** A list's call as names and values of a form: what the page prints, and what opens in the request builder. */
export function pairs(wire: Wire, rows: Row[], order: Order, select: string[]): [string, string][] {
  const said: [string, string][] = basePairs(wire)
  for (const [key, value] of Object.entries(wire.out(rest(rows)) as Record<string, string | string[]>)) {
    if (Array.isArray(value)) for (const one of value) said.push([`filter[${key}][]`, one])
    else said.push([`filter[${key}]`, value])
  }
  said.push([`order[${wire.name(order.field)}]`, order.down ? 'DESC' : 'ASC'])
  for (const code of select) said.push(['select[]', wire.name(code)])
  return said
}

/** How a list is ordered. */
export interface Order {
  field: string
  down: boolean
}

/** Newest first. */
export const NEWEST: Order = { field: 'ID', down: true }

/** `-ID` and `TITLE`, as the address has them; anything else is newest first. */
export function readOrder(text: unknown, fields: Field[]): Order {
  if (typeof text !== 'string' || text === '') return NEWEST
  const down = text.startsWith('-')
  const code = down ? text.slice(1) : text
  return fields.some(field => field.code === code) ? { field: code, down } : NEWEST
}

export function writeOrder(order: Order): string {
  return `${order.down ? '-' : ''}${order.field}`
}

const KEY = /^(!%|>=|<=|=%|%|!|>|<|=)?([A-Z][A-Z0-9_]*)$/

/** Rows from the query string's `f` values, `>=DATE_CREATE:2026-01-01`; what cannot be read is left out. */
export function readRows(given: unknown): Row[] {
  const texts = (Array.isArray(given) ? given : [given]).filter((text): text is string => typeof text === 'string')
  return texts.flatMap(text => {
    const colon = text.indexOf(':')
    const [, prefix = '=', field = ''] = KEY.exec(colon < 0 ? text : text.slice(0, colon)) ?? []
    const value = colon < 0 ? '' : text.slice(colon + 1)
    if (field === '') return []
    if (value === '' && prefix === '=') return [{ op: 'empty' as const, field, value: '' }]
    if (value === '' && prefix === '!') return [{ op: 'filled' as const, field, value: '' }]
    return [{ op: prefix as Op, field, value }]
  })
}

/** Rows as `f` values of the query string. */
export function writeRows(rows: Row[]): string[] {
  return rows.filter(complete).map(row => `${keyOf(row)}:${takesValue(row.op) ? row.value.trim() : ''}`)
}
