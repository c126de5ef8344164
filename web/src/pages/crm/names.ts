/** What codes and numbers in records are called: dictionary entries, pipelines, users, linked records. */

import { type Kind, recordPath } from '@/api/kinds'
import type { Choice, Field } from './fields'
import { type Record_, text } from './form'

/** The names known so far. Keys: `STATUS` (a dictionary), `category-2`, `user`, `company` (a kind); then the code or number. */
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
  return dictionary.endsWith('_STAGE') && category !== '' && category !== '0' ? `${dictionary}_${category}` : dictionary
}

/** Adds dictionary entries. Stages of all pipelines also stand under the name without its number: their codes differ. */
export function addStatuses(names: Names, list: Status[]) {
  for (const entry of list) {
    put(names, entry.ENTITY_ID, entry.STATUS_ID, entry.NAME)
    const [, all] = /^(\w+_STAGE)_\d+$/.exec(entry.ENTITY_ID) ?? []
    if (all) put(names, all, entry.STATUS_ID, entry.NAME)
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
  if (field.widget === 'code') return field.dictionary
  if (field.widget === 'user') return 'user'
  return field.target?.code ?? null
}

/** The record that a value of a field names, or none. */
export function linkOf(field: Field, value: string): { kind: Kind, id: string } | null {
  if (field.targets.length === 0) return null
  const typed = /^([A-Za-z0-9]+)_(\d+)$/.exec(value)
  const kind = typed ? field.targets.find(one => one.prefix === typed[1]) : field.target
  const id = typed?.[2] ?? value
  return kind && id !== '0' ? { kind, id } : null
}

/** The codes that a field can have, with what they are called. */
export function choicesOf(names: Names, kind: string): Choice[] {
  return [...(names.get(kind) ?? [])].map(([id, title]) => ({ id, title }))
}

/** The numbers of users (`user`) and linked records in these records of which no name is known yet. */
export function unknown(names: Names, fields: Field[], records: Record_[]): Map<'user' | Kind, string[]> {
  const wanted = new Map<'user' | Kind, Set<string>>()
  for (const field of fields) {
    if (field.widget !== 'user' && field.targets.length === 0) continue
    for (const record of records)
      for (const value of listed(record[field.code])) {
        const link = field.widget === 'user' ? (value === '0' ? null : { kind: 'user' as const, id: value }) : linkOf(field, value)
        if (link && !names.get(keyOf(link.kind))?.has(link.id)) wanted.set(link.kind, (wanted.get(link.kind) ?? new Set()).add(link.id))
      }
  }
  return new Map([...wanted].map(([kind, ids]) => [kind, [...ids]]))
}

/** Under which key the names of users or of a kind's records stand. */
export const keyOf = (kind: 'user' | Kind) => (kind === 'user' ? kind : kind.code)

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
    const link = linkOf(field, one)
    if (link) return [{ text: names.get(link.kind.code)?.get(link.id) ?? `#${link.id}`, path: recordPath(link.kind, link.id) }]
    if (field.target && one === '0') return []
    if (field.widget === 'user') return [{ text: name ?? `#${one}`, path: `/company/personal/user/${one}/` }]
    return [{ text: name ?? one }]
  })
}

/** Files: their numbers, and links that hold for an hour. */
function files(value: unknown): Shown[] {
  const list = (Array.isArray(value) ? value : [value]).filter(one => one !== null && typeof one === 'object')
  return (list as Record_[]).map(one => ({ text: `#${text(one.id)}`, href: text(one.downloadUrl ?? one.url) }))
}
