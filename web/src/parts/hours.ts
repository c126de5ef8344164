// What stands where in a grid of hours. Times are minutes of the day that a column shows: one that began the day before begins at
// 0 there, and one that goes on ends at 1440.

/** Something in a column from one minute until another. */
export interface Span { column: string, from: number, to: number }

/** Where it stands: the place among those that overlap, of so many places. */
export type Placed<S> = S & { lane: number, lanes: number }

/** What is shorter is drawn as long as this, so that it can be read. */
const LEAST = 30

/** Those of one column side by side where they overlap, in the order of time. */
export function placed<S extends Span>(spans: S[]): Placed<S>[] {
  const all = [...spans].sort((one, other) => one.from - other.from || other.to - one.to)
  const found: Placed<S>[] = []
  let group: Placed<S>[] = []
  let end = -1
  const close = () => {
    const lanes = Math.max(0, ...group.map(one => one.lane)) + 1
    for (const one of group) one.lanes = lanes
    found.push(...group)
    group = []
  }
  for (const span of all) {
    if (span.from >= end) close()
    const busy = new Set(group.filter(one => until(one) > span.from).map(one => one.lane))
    let lane = 0
    while (busy.has(lane)) lane++
    group.push({ ...span, lane, lanes: 1 })
    end = Math.max(end, until(span))
  }
  close()
  return found
}

const until = (span: Span) => Math.max(span.to, span.from + LEAST)

/** The first hour that is shown and the hour at which the grid ends: office hours, and whatever there is besides. */
export function hoursOf(spans: Span[], usual: [number, number] = [8, 18]): [number, number] {
  const first = Math.min(usual[0], ...spans.map(span => Math.floor(span.from / 60)))
  const last = Math.max(usual[1], ...spans.map(span => Math.ceil(until(span) / 60)))
  return [Math.max(0, first), Math.min(24, last)]
}

/** Place and size in percent of the column. */
export function box(span: Placed<Span>, [first, last]: [number, number]): Record<'top' | 'height' | 'left' | 'width', string> {
  const part = (minutes: number) => (minutes / ((last - first) * 60)) * 100
  const top = Math.min(span.from, last * 60 - LEAST) - first * 60
  const height = Math.min(until(span), last * 60) - first * 60 - top
  return { top: `${part(top)}%`, height: `${part(height)}%`, left: `${(span.lane / span.lanes) * 100}%`, width: `${100 / span.lanes}%` }
}

/** `9:05` of minutes; the end of a day is 24:00. */
export const clockOf = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`

/** What of a time lies on a day, in its minutes. Both ends are as inputs of the browser have them: `2026-06-15T10:00`. */
export function onDay(day: string, from: string, to: string): { from: number, to: number } | undefined {
  const minutes = (wall: string) => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16))
  if (from.slice(0, 10) > day || to.slice(0, 10) < day) return undefined
  const span = { from: from.slice(0, 10) < day ? 0 : minutes(from), to: to.slice(0, 10) > day ? 1440 : minutes(to) }
  return span.to > span.from || from === to ? span : undefined
}
