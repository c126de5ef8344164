/** What a cell of a file says, as REST takes it. */

import { type Field, VALUE_TYPES } from '../fields'
import { type Names, choicesOf, kindOf, linkOf } from '../names'

/** Why a cell cannot be saved: the key of its text, and what stands there. */
export interface Wrong {
  why: 'wrong-number' | 'wrong-date' | 'wrong-flag' | 'wrong-choice' | 'wrong-link' | 'wrong-several'
  value: string
  field: string
}

export class WrongCell extends Error {
  constructor(readonly wrong: Wrong) {
    super(wrong.why)
  }
}

/** Users and records by what people call them: their numbers. */
export type Found = Map<string, string[]>

/** Under which name a user or record is looked up. */
export const sought = (kind: string, name: string) => `${kind}:${name.trim().toLowerCase()}`

const FLAGS: Record<string, boolean> = { y: true, yes: true, true: true, 1: true, да: true, n: false, no: false, false: false, 0: false, нет: false }

/** The texts of a cell: a field with many values has them apart. */
export function split(field: Field, cell: string): string[] {
  const many = field.widget === 'contacts' ? /[;,\n]/ : field.multiple ? /[;\n]/ : undefined
  return (many ? cell.split(many) : [cell]).map(one => one.trim()).filter(one => one !== '')
}

/** The value of a cell that is not empty. */
export function valueOf(field: Field, cell: string, names: Names, found: Found): unknown {
  const texts = split(field, cell)
  if (field.widget === 'contacts') return texts.map(VALUE => ({ VALUE, VALUE_TYPE: VALUE_TYPES[field.code]?.[0] ?? 'WORK' }))
  const values = texts.map(text => one(field, text, names, found))
  return field.multiple ? values : values[0]
}

function one(field: Field, text: string, names: Names, found: Found): string {
  const wrong = (why: Wrong['why']) => new WrongCell({ why, value: text, field: field.title })
  switch (field.widget) {
    case 'number':
      return number(text) ?? fail(wrong('wrong-number'))
    case 'date':
    case 'time':
      return date(text) ?? fail(wrong('wrong-date'))
    case 'flag':
    case 'yes': {
      const flag = FLAGS[text.toLowerCase()] ?? fail(wrong('wrong-flag'))
      return field.widget === 'yes' ? (flag ? '1' : '0') : flag ? 'Y' : 'N'
    }
    case 'choice':
      return byName(field.choices, text) ?? fail(wrong('wrong-choice'))
    case 'code': {
      const kind = kindOf(field)
      return byName(kind === null ? [] : choicesOf(names, kind), text) ?? fail(wrong('wrong-choice'))
    }
    case 'user':
    case 'link':
      return linked(field, text, found, wrong)
    default:
      return text
  }
}

function fail(error: WrongCell): never {
  throw error
}

/** The code of an entry, given itself or by its title. */
function byName(choices: { id: string, title: string }[], text: string): string | undefined {
  const wanted = text.toLowerCase()
  return (choices.find(one => one.id === text) ?? choices.find(one => one.title.toLowerCase() === wanted))?.id
}

/** A number of a record: `8`, `#8`, or by the name. */
export const numberIn = (text: string): string | undefined => /^#?(\d+)$/.exec(text)?.[1]

function linked(field: Field, text: string, found: Found, wrong: (why: Wrong['why']) => WrongCell): string {
  const id = numberIn(text)
  if (id) return id
  if (field.targets.length > 1 && linkOf(field, text)) return text
  const ids = found.get(sought(field.widget === 'user' ? 'user' : (field.target?.code ?? ''), text)) ?? []
  if (ids.length > 1) throw wrong('wrong-several')
  return ids[0] ?? fail(wrong('wrong-link'))
}

/** `1 234,5`, `1,234.50` and `1234.5` as `1234.5`. The last point or comma parts the fraction; one that comes again does not. */
export function number(text: string): string | undefined {
  const bare = text.replace(/[\s\u00a0\u202f']/g, '')
  if (!/^[-+]?[\d.,]*\d[\d.,]*$/.test(bare)) return undefined
  const at = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','))
  if (at < 0) return bare.replace('+', '')
  const mark = bare[at]!
  const again = bare.indexOf(mark) !== at
  const whole = bare.slice(0, at).replace(/[.,]/g, '').replace('+', '')
  const rest = bare.slice(at + 1)
  return again ? `${whole}${rest}` : `${whole === '' || whole === '-' ? `${whole}0` : whole}.${rest || '0'}`
}

/** A day or moment as ISO 8601 has it, from that or from `31.12.2026 14:30`. */
export function date(text: string): string | undefined {
  const [, day, month, year, time] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(text) ?? []
  const iso = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}${time ? `T${time.padStart(5, '0')}` : ''}` : text
  const [, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(iso) ?? []
  if (!y) return undefined
  const moment = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)))
  return moment.getUTCMonth() === Number(m) - 1 && moment.getUTCDate() === Number(d) ? iso : undefined
}
