/** From counted rows to stacked bars: pure, so that it is tested without a browser. */

import type { By, Kind, Named, UsageRow } from '../../api/statistics'

/** Series that have a colour of their own; what is left over stands together as the last one. */
export const TOP = 6

/** One colour of the stack. `id` is `null` for the rest. */
export interface Series {
  key: string
  id: number | null
  title: string | null
  total: number
}

/** One bar: its beginning, its height, and the height of each series in it, lowest first. */
export interface Bar {
  at: number
  total: number
  failed: number
  parts: number[]
}

/** The whole picture. */
export interface Chart {
  series: Series[]
  bars: Bar[]
  highest: number
  total: number
  failed: number
}

const HOUR = 3_600_000

/** What a row counts of a kind. */
export function counted(row: UsageRow, kind: Kind): { total: number; failed: number } {
  return kind === 'calls' ? { total: row.calls, failed: row.errors } : { total: row.deliveries, failed: row.failed }
}

const REST = 'rest'

function keyOf(named: Named | null): string {
  return named === null ? REST : String(named.id)
}

/**
 * Stacks rows. `starts` are the beginnings of all bars in order, so that an hour without a call is an empty place
 * and not a missing one; a row belongs to the last bar that began before it.
 */
export function stack(rows: UsageRow[], kind: Kind, starts: number[]): Chart {
  const series = largest(rows, kind)
  const place = new Map(series.map((one, index) => [one.key, index]))
  const rest = series.findIndex(one => one.id === null)
  const bars = starts.map((at): Bar => ({ at, total: 0, failed: 0, parts: series.map(() => 0) }))
  for (const row of rows) {
    const bar = bars[barOf(starts, Date.parse(row.at))]
    const index = place.get(keyOf(row.integration)) ?? rest
    const { total, failed } = counted(row, kind)
    if (bar === undefined || index < 0) continue
    bar.total += total
    bar.failed += failed
    bar.parts[index] = (bar.parts[index] ?? 0) + total
  }
  const sum = (of: (bar: Bar) => number) => bars.reduce((all, bar) => all + of(bar), 0)
  const highest = bars.reduce((most, bar) => Math.max(most, bar.total), 0)
  return { series, bars, highest, total: sum(bar => bar.total), failed: sum(bar => bar.failed) }
}

/** The busiest with a colour of their own, the others together as the last one. */
function largest(rows: UsageRow[], kind: Kind): Series[] {
  const found = new Map<string, Series>()
  for (const row of rows) {
    const key = keyOf(row.integration)
    const { id, title } = row.integration ?? { id: null, title: null }
    const one = found.get(key) ?? { key, id, title, total: 0 }
    one.total += counted(row, kind).total
    found.set(key, one)
  }
  const rest = found.get(REST)?.total ?? 0
  const ranked = [...found.values()].filter(one => one.total > 0 && one.id !== null)
  ranked.sort((a, b) => b.total - a.total || a.key.localeCompare(b.key))
  if (rest === 0 && ranked.length <= TOP + 1) return ranked
  const left = ranked.slice(TOP).reduce((all, one) => all + one.total, rest)
  return [...ranked.slice(0, TOP), { key: REST, id: null, title: null, total: left }]
}

function barOf(starts: number[], at: number): number {
  let index = -1
  while (index + 1 < starts.length && (starts[index + 1] ?? Infinity) <= at) index += 1
  return index
}

/** The beginnings of the last `count` hours, the one that runs included. */
export function hours(now: number, count: number): number[] {
  const last = Math.floor(now / HOUR) * HOUR
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * HOUR)
}

/** The beginnings of the last `count` days in a zone, today included. Days are 23 to 25 hours long. */
export function days(now: number, count: number, zone: string): number[] {
  const [year, month, day] = dayOf(now, zone).split('-').map(Number) as [number, number, number]
  return Array.from({ length: count }, (_, index) =>
    midnight(Date.UTC(year, month - 1, day - (count - 1 - index)), zone),
  )
}

/** The day of a moment in a zone: `2026-11-23`. */
export function dayOf(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return parts.format(at)
}

/** When a day begins in a zone; the day is given as its midnight in UTC. */
function midnight(day: number, zone: string): number {
  const wanted = new Date(day).toISOString().slice(0, 10)
  // The first quarter of an hour whose local day is the wanted one: offsets are whole quarters.
  const step = HOUR / 4
  let low = day - 15 * HOUR
  let high = day + 15 * HOUR
  while (high - low > step) {
    const middle = low + Math.floor((high - low) / step / 2) * step
    if (dayOf(middle, zone) >= wanted) high = middle
    else low = middle
  }
  return high
}

/** How many bars the ranges have that can be chosen. */
export const RANGES: Record<string, { by: By; count: number }> = {
  '24h': { by: 'hour', count: 24 },
  '15d': { by: 'day', count: 15 },
  '60d': { by: 'day', count: 60 },
}

/** Whole-numbered marks of an axis from 0 that reaches `highest`: at most six, at 1, 2 or 5 times a power of ten. */
export function ticks(highest: number): number[] {
  const top = Math.max(1, Math.ceil(highest))
  let step = 1
  for (let power = 1; Math.ceil(top / step) > 5; power *= 10) {
    step = [1, 2, 5].map(part => part * power).find(one => Math.ceil(top / one) <= 5) ?? power * 10
  }
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step)
}

/** Rows as CSV (RFC 4180), with the names of the columns first. */
export function csv(rows: (string | number)[][]): string {
  const cell = (value: string | number) => {
    const text = String(value)
    // A text that a spreadsheet would run as a formula is made harmless by an apostrophe.
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')
}
