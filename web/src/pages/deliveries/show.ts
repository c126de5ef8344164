/** How a delivery is told to people: pure, the words are in `i18n`. */

import type { Kind } from '../../api/kinds'
import type { Action, Bar, Delivery, Sent, State, Try } from '../../api/deliveries'

/** How a chip looks. */
export type Tone = 'good' | 'bad' | 'busy' | 'plain'

/** What a chip says: the key of its text, and the number of tries for those that need it. */
export interface Standing {
  tone: Tone
  text: 'delivered' | 'failed' | 'sending' | 'waiting' | 'retrying' | 'held' | 'cancelled'
  tries: number
}

/** Where a delivery stands, in one word. One that waits after a failed try is being retried. */
export function standing(state: State, attempts: number): Standing {
  if (state === 'delivered') return { tone: 'good', text: 'delivered', tries: attempts }
  if (state === 'failed') return { tone: 'bad', text: 'failed', tries: attempts }
  if (state === 'cancelled') return { tone: 'plain', text: 'cancelled', tries: attempts }
  if (state === 'held') return { tone: 'plain', text: 'held', tries: 0 }
  if (state === 'sending') return { tone: 'busy', text: 'sending', tries: attempts }
  return attempts > 0
    ? { tone: 'busy', text: 'retrying', tries: attempts }
    : { tone: 'plain', text: 'waiting', tries: 0 }
}

/** The classes of answers, for the colour of a code. */
export function answered(last: Try | null): Tone {
  if (last === null) return 'plain'
  if (last.status === null) return 'bad'
  return last.status >= 200 && last.status < 300 ? 'good' : 'bad'
}

/** An event's object `lead:17` as its kind and its number, and what is known of such records. */
export function object(text: string, kinds: Kind[]): { kind: string; id: string; known: Kind | undefined } {
  const colon = text.indexOf(':')
  const [kind, id] = colon < 0 ? [text, ''] : [text.slice(0, colon).toLowerCase(), text.slice(colon + 1)]
  return { kind, id, known: /^[0-9]+$/.test(id) ? kinds.find(one => one.code === kind) : undefined }
}

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Headers that curl makes itself, and that would be wrong for another body. */
const MADE = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding'])

/** A request as a command that sends the same. */
export function curl(sent: Sent & { url: string }): string {
  const words = [`curl ${quoted(sent.url)}`]
  for (const [name, value] of sent.headers) {
    if (!MADE.has(name.toLowerCase())) words.push(`--header ${quoted(`${name}: ${value}`)}`)
  }
  words.push(`--data-raw ${quoted(sent.body)}`)
  return words.join(' \\\n  ')
}

/** A form body as names and values in order, decoded; what is no form stands as one value without a name. */
export function decoded(body: string): [string, string][] {
  if (body === '') return []
  return [...new URLSearchParams(body)]
}

/** An answer as JSON, where it is an object or a list. */
export function parsed(answer: string | null): unknown {
  try {
    const value: unknown = JSON.parse(answer ?? '')
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The rows before and after one, for `j` and `k`. */
export function beside(rows: Pick<Delivery, 'id'>[], id: number): { previous: number | null; next: number | null } {
  const at = rows.findIndex(row => row.id === id)
  if (at < 0) return { previous: null, next: null }
  return { previous: rows[at - 1]?.id ?? null, next: rows[at + 1]?.id ?? null }
}

/** What a bar counts. */
export type Counts = Pick<Bar, 'delivered' | 'failed' | 'cancelled' | 'open'>

/** How many a bar stands for. */
export const total = (bar: Counts) => bar.delivered + bar.failed + bar.cancelled + bar.open

/** Heights of a bar's parts in a strip of this height; what is there can always be seen. */
export function heights(bar: Counts, highest: number, height: number): Counts {
  const of = (count: number) => (count === 0 ? 0 : Math.max(2, (count / Math.max(1, highest)) * (height - 6)))
  const [failed, cancelled, open] = [of(bar.failed), of(bar.cancelled), of(bar.open)]
  return { failed, cancelled, open, delivered: Math.min(of(bar.delivered), height - failed - cancelled - open) }
}

/** Whether somebody may call it off. */
export const waits = (state: State) => state === 'waiting' || state === 'held'

/** The tries and what people did, in the order in which it happened. */
export function timeline(tries: Try[], actions: Action[]): (Try | Action)[] {
  const at = (one: Try | Action) => Date.parse('action' in one ? one.at : one.started)
  return [...tries, ...actions].sort((one, other) => at(one) - at(other))
}
