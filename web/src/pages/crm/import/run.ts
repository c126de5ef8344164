/** The import itself: rows become records, fifty at a time; what is refused is kept with its reason. */

import type { Field } from '../fields'
import type { Names } from '../names'
import { type Found, type Wrong, WrongCell, split, valueOf } from './values'

/** Rows in one batch. */
export const BATCH = 50

/** A row that became no record: its place in the file, from 1 below the headings, and why. */
export interface Refused {
  row: number
  cells: string[]
  why: Wrong | { said: string } | { why: 'duplicate' | 'unsure' | 'empty' | 'missing' | 'stopped', value: string, field: string }
}

export interface Progress {
  done: number
  added: number
  refused: Refused[]
}

/** What the run needs from outside. Answers stand in the order of what was asked. */
export interface Server {
  /** Looks up what users and records these cells name. */
  look: (rows: string[][]) => Promise<Found>
  /** Adds records: for each the message of its refusal, or nothing. */
  add: (records: Record<string, unknown>[]) => Promise<(string | undefined)[]>
  /** Whether there is a record with one of these phones or e-mail addresses. */
  exists: (keys: string[][]) => Promise<boolean[]>
}

export interface Plan {
  rows: string[][]
  /** The field of each column. */
  fields: (Field | undefined)[]
  required: Field[]
  names: Names
  skipDuplicates: boolean
}

/** What the person answers when a batch was sent and no answer came: it may have been saved. */
export type Answer = 'again' | 'on' | 'stop'

/** Runs until all rows are done or `goesOn` says no. Nothing is sent a second time without `ask`. */
export async function run(plan: Plan, server: Server, progress: Progress, goesOn: () => boolean, ask: () => Promise<Answer>): Promise<void> {
  while (progress.done < plan.rows.length && goesOn()) {
    const first = progress.done
    const cells = plan.rows.slice(first, first + BATCH)
    // Kept apart until the batch is through: after a failure all of it is done again.
    const refused: Refused[] = []
    const refuse: Refuse = (at, why) => void refused.push({ row: first + at + 1, cells: cells[at]!, why })
    const records = await prepared(plan, server, cells, refuse)
    const wanted = plan.skipDuplicates ? await fresh(plan, server, cells, records, refuse) : records
    const goes = await send(wanted, server, progress, refuse, ask)
    progress.refused.push(...refused.sort((a, b) => a.row - b.row))
    progress.done = first + cells.length
    if (!goes) return
  }
}

interface Ready { at: number, record: Record<string, unknown> }
type Refuse = (at: number, why: Refused['why']) => void

async function prepared(plan: Plan, server: Server, cells: string[][], refuse: Refuse): Promise<Ready[]> {
  const found = await server.look(cells)
  return cells.flatMap((row, at) => {
    try {
      const filled = plan.fields.flatMap((field, column) => (field && row[column]!.trim() !== '' ? [[field.code, valueOf(field, row[column]!, plan.names, found)] as const] : []))
      const record = Object.fromEntries(filled)
      const lacking = plan.required.find(field => !(field.code in record))
      if (filled.length > 0 && !lacking) return [{ at, record }]
      refuse(at, lacking ? { why: 'missing', value: '', field: lacking.title } : { why: 'empty', value: '', field: '' })
    } catch (error) {
      if (!(error instanceof WrongCell)) throw error
      refuse(at, error.wrong)
    }
    return []
  })
}

/** A phone by its digits, an address in small letters: what makes two records the same. */
const normal = (value: string) => (value.includes('@') ? value.toLowerCase() : value.replace(/\D/g, ''))

/** Phones and addresses of a row. */
export function keysOf(fields: (Field | undefined)[], row: string[]): string[] {
  return fields.flatMap((field, column) => (field && (field.code === 'PHONE' || field.code === 'EMAIL') ? split(field, row[column]!) : []))
}

/** Those that neither are there nor came before in the same batch. */
async function fresh(plan: Plan, server: Server, cells: string[][], records: Ready[], refuse: Refuse): Promise<Ready[]> {
  const keys = records.map(({ at }) => keysOf(plan.fields, cells[at]!))
  const exists = await server.exists(keys)
  const seen = new Set<string>()
  return records.filter(({ at }, place) => {
    const mine = keys[place]!.map(normal)
    const isKnown = exists[place] || mine.some(one => seen.has(one))
    mine.forEach(one => seen.add(one))
    if (isKnown) refuse(at, { why: 'duplicate', value: keys[place]!.join(', '), field: '' })
    return !isKnown
  })
}

/** Whether to go on. */
async function send(records: Ready[], server: Server, progress: Progress, refuse: Refuse, ask: () => Promise<Answer>): Promise<boolean> {
  for (; records.length > 0;) {
    try {
      const answers = await server.add(records.map(one => one.record))
      answers.forEach((said, place) => (said === undefined ? (progress.added += 1) : refuse(records[place]!.at, { said })))
      return true
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      const answer = await ask()
      if (answer === 'again') continue
      records.forEach(({ at }) => refuse(at, { why: 'unsure', value: '', field: '' }))
      return answer === 'on'
    }
  }
  return true
}

/** No answer came: what was sent may have been saved. */
export class Unanswered extends Error {}
