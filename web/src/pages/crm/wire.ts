/**
 * The two ways in which REST spells records. `crm.deal.*` says STAGE_ID; `crm.item.*` says stageId, and which kind is meant.
 * Everywhere else in these pages a field has its upper-case name.
 */

import type { Kind } from '@/api/kinds'
import type { Field } from './fields'
import type { Record_ } from './form'

/** How calls about one kind of records are written. */
export interface Wire {
  /** A method: `list` is `crm.deal.list`. */
  method: (verb: string) => string
  /** What every call says. */
  base: Record<string, number>
  /** A field's name as it travels. */
  name: (code: string) => string
  /** Parameters and changes as they travel. */
  out: (record: Record_) => Record_
  /** A record that came, by upper-case names. */
  back: (record: Record_) => Record_
  /** What an answer says, without what is around it. */
  inside: <T>(answer: unknown, key: 'item' | 'items' | 'fields') => T
}

/** `STAGE_ID` as `stageId`: the rule of names that no field was described for. */
export function camel(code: string): string {
  return code.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** How a kind is spelt. Names of user fields follow no rule: they are those of `fields`. */
export function wireOf(kind: Pick<Kind, 'code' | 'spelling' | 'entity_type_id'>, fields: Field[] = []): Wire {
  if (kind.spelling === 'own') {
    return {
      method: verb => `crm.${kind.code}.${verb}`,
      base: {},
      name: code => code,
      out: record => record,
      back: record => record,
      inside: <T>(answer: unknown) => answer as T,
    }
  }
  const names = new Map(fields.map(field => [field.code, field.name]))
  const codes = new Map(fields.map(field => [field.name, field.code]))
  const upper = (name: string) => codes.get(name) ?? name.replace(/[A-Z0-9]/g, letter => `_${letter}`).toUpperCase()
  const name = (code: string) => names.get(code) ?? camel(code)
  return {
    method: verb => `crm.item.${verb}`,
    base: { entityTypeId: kind.entity_type_id },
    name,
    out: record => renamed(record, name),
    back: record => renamed(record, upper),
    inside: <T>(answer: unknown, key: string) => (answer as Record<string, T>)[key]!,
  }
}

/** A record with other names; what stands before a name in a filter stays. */
function renamed(record: Record_, name: (key: string) => string): Record_ {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => {
    const [, prefix = '', bare = ''] = /^([^A-Za-z]*)(.*)$/.exec(key) ?? []
    return [prefix + (bare === '' ? '' : name(bare)), value]
  }))
}
