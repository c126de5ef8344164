/** What codes and numbers in records are called: dictionary entries, pipelines, users, linked records. */

import type { Choice, Entity, Field } from './fields'
import { type Record_, text } from './form'

/** The names known so far. Keys: `STATUS` (a dictionary), `user`, `company`; then the code or number. */
export type Names = Map<string, Map<string, string>>

/** An entry of a dictionary, as `crm.status.list` has it. */
export interface Status {
  ENTITY_ID: string
  STATUS_ID: string
  NAME: string
  CATEGORY_ID?: string | null
}

/** The dictionary that holds the stages of a pipeline. */
export function stagesOf(dictionary: string, category: string): string {
  return dictionary === 'DEAL_STAGE' && category !== '' && category !== '0' ? `DEAL_STAGE_${category}` : dictionary
}

/** Adds dictionary entries. Stages of all pipelines also stand under the first one's name: their codes differ. */
export function addStatuses(names: Names, list: Status[]) {
  for (const entry of list) {
    put(names, entry.ENTITY_ID, entry.STATUS_ID, entry.NAME)
    if (entry.ENTITY_ID.startsWith('DEAL_STAGE_')) put(names, 'DEAL_STAGE', entry.STATUS_ID, entry.NAME)
  }
}

/** Adds one name. */
export function put(names: Names, kind: string, id: string, name: string) {
  const there = names.get(kind)
  if (there === undefined) names.set(kind, new Map([[id, name]]))
  else there.set(id, name)
}

/** Under which kind a field's values are named, if they are. */
export function kindOf(field: Field): string | null {
  if (field.type === 'crm_category') return 'category'
  if (field.widget === 'code') return field.dictionary
  if (field.widget === 'user') return 'user'
  return field.target
}

/** The codes that a field can have, with what they are called. */
export function choicesOf(names: Names, kind: string): Choice[] {
  return [...(names.get(kind) ?? [])].map(([id, title]) => ({ id, title }))
}

/** The numbers of users and linked records in these records of which no name is known yet. */
export function unknown(names: Names, fields: Field[], records: Record_[]): Map<string, string[]> {
  const wanted = new Map<string, Set<string>>()
  for (const field of fields) {
    const kind = field.widget === 'user' ? 'user' : field.widget === 'link' ? field.target : null
    if (kind === null) continue
    for (const record of records)
      for (const id of listed(record[field.code]))
        if (id !== '0' && !names.get(kind)?.has(id)) wanted.set(kind, (wanted.get(kind) ?? new Set()).add(id))
  }
  return new Map([...wanted].map(([kind, ids]) => [kind, [...ids]]))
}

/** A value of the wire as texts: none when it is empty. */
export function listed(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(text).filter(one => one !== '')
}

/** One thing in a cell: its text, and for a link the page it leads to. */
export interface Shown {
  text: string
  path?: string
  /** A file's address, to be saved. */
  href?: string
  /** A moment, to be printed in the reader's way. */
  moment?: string
  /** A day, likewise. */
  day?: string
}

/** What a field of a record looks like to people. */
export function shown(field: Field, value: unknown, names: Names): Shown[] {
  if (field.widget === 'contacts') {
    const list = (Array.isArray(value) ? value : []) as Record_[]
    return list.map(one => ({ text: text(one.VALUE) }))
  }
  if (field.widget === 'file') return files(value)
  const kind = kindOf(field)
  return listed(value).flatMap((one): Shown[] => {
    if (field.widget === 'time') return [{ text: one, moment: one }]
    if (field.widget === 'date') return [{ text: one.slice(0, 10), day: one.slice(0, 10) }]
    if (field.widget === 'choice') return [{ text: field.choices.find(choice => choice.id === one)?.title ?? one }]
    const name = kind === null ? undefined : names.get(kind)?.get(one)
    const linked = field.widget === 'link' && field.target !== null
    if (linked && one === '0') return []
    if (linked) return [{ text: name ?? `#${one}`, path: pathOf(field.target as Entity, one) }]
    if (field.widget === 'user') return [{ text: name ?? `#${one}`, path: `/company/personal/user/${one}/` }]
    return [{ text: name ?? one }]
  })
}

/** Files: their numbers, and links that hold for an hour. */
function files(value: unknown): Shown[] {
  const list = (Array.isArray(value) ? value : [value]).filter(one => one !== null && typeof one === 'object')
  return (list as Record_[]).map(one => ({ text: `#${text(one.id)}`, href: text(one.downloadUrl) }))
}

/** The page of a record. */
export function pathOf(entity: Entity, id: string): string {
  return `/crm/${entity}/details/${id}/`
}
