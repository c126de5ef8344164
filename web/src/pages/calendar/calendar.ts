// Events on the days of a calendar, and what their form says.
import { onDay } from '../../parts/hours'

export interface Attendee { id: number, entryId: string, status: string }

export interface Rule { FREQ: string, INTERVAL?: number, COUNT?: number, BYDAY?: Record<string, string>, UNTIL?: string, UNTIL_TS?: number }

export interface Event {
  ID: string
  PARENT_ID: string
  CAL_TYPE: string
  OWNER_ID: string
  SECT_ID: string
  NAME: string
  DESCRIPTION: string
  LOCATION: string
  COLOR: string
  DATE_FROM_TS_UTC: string
  DATE_TO_TS_UTC: string
  DT_SKIP_TIME: string
  TZ_FROM: string
  ACCESSIBILITY: string
  PRIVATE_EVENT: string
  IS_MEETING: boolean
  MEETING_STATUS: string
  MEETING_HOST: string
  MEETING: { HOST_NAME: string } | null
  REMIND: { type: string, count: number }[]
  RRULE: Rule | ''
  ATTENDEE_LIST: Attendee[]
}

export interface Section { ID: string, NAME: string, COLOR: string, PERM: { add: boolean } }

export const WEEK = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
const DAY = 86400

/** `2026-06-15` of a moment by the clocks of a zone. */
export const dayIn = (zone: string, seconds: number) => wallIn(zone, seconds).slice(0, 10)

/** `2026-06-15T10:00` of a moment by the clocks of a zone, as an input of the browser has it. */
export function wallIn(zone: string, seconds: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(seconds * 1000))
  const of = (type: string) => parts.find(part => part.type === type)?.value ?? '00'
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** The day so many days later. */
export function plus(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** A moment so many days later, at the same time of the day. */
const moved = (wall: string, days: number) => `${plus(wall.slice(0, 10), days)}${wall.slice(10)}`

/** The end of an event that begins then by now: the same, or where that lies before it, that time on the first day behind it. */
export function endFor(from: string, to: string, whole: boolean): string {
  if (from === '' || to >= from) return to
  if (whole) return from
  const same = `${from.slice(0, 10)}T${to.slice(11)}`
  return same < from ? moved(same, 1) : same
}

/** The first of the month so many months later. */
export function monthOf(day: string, months = 0): string {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + months)
  return at.toISOString().slice(0, 10)
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  return plus(day, -((at.getUTCDay() + 6) % 7))
}

/** The days that a view shows: seven, or all weeks of a month. */
export function daysOf(view: string, day: string): string[] {
  const first = mondayOf(view === 'week' ? day : monthOf(day))
  const last = view === 'week' ? plus(first, 6) : plus(mondayOf(plus(monthOf(day, 1), -1)), 6)
  const days = []
  for (let at = first; at <= last; at = plus(at, 1)) days.push(at)
  return days
}

export const isWhole = (event: Event) => event.DT_SKIP_TIME === 'Y'
export const beginning = (event: Event) => Number(event.DATE_FROM_TS_UTC)
export const end = (event: Event) => Number(event.DATE_TO_TS_UTC)

/** The zone by whose clocks an event is shown: whole days are the same everywhere. */
const zoneOf = (event: Event, zone: string) => (isWhole(event) ? 'UTC' : zone)
export const firstDay = (event: Event, zone: string) => dayIn(zoneOf(event, zone), beginning(event))
/** The last day of an event; one that ends at midnight does not reach into the day that begins there. */
export function lastDay(event: Event, zone: string): string {
  const last = isWhole(event) || end(event) === beginning(event) ? end(event) : end(event) - 1
  return dayIn(zoneOf(event, zone), last)
}

/** The events of each day, whole days first. */
export function byDay(events: Event[], days: string[], zone: string): Map<string, Event[]> {
  const found = new Map(days.map(day => [day, [] as Event[]]))
  const sorted = [...events].sort((one, other) => Number(isWhole(other)) - Number(isWhole(one)) || beginning(one) - beginning(other))
  for (const event of sorted) {
    const last = lastDay(event, zone)
    for (let day = firstDay(event, zone); day <= last; day = plus(day, 1)) found.get(day)?.push(event)
  }
  return found
}

/** An event that has hours, in the minutes of one of its days. */
export interface Hours { key: string, column: string, from: number, to: number, event: Event }

/** The events that have hours, day by day; whole days have none. */
export function hoursOf(events: Event[], days: string[], zone: string): Hours[] {
  return events.filter(event => !isWhole(event)).flatMap(event => {
    const [from, to] = [wallIn(zone, beginning(event)), wallIn(zone, end(event))]
    return days.flatMap(day => {
      const minutes = onDay(day, from, to)
      return minutes ? [{ key: `${event.ID}-${event.DATE_FROM_TS_UTC}-${day}`, column: day, ...minutes, event }] : []
    })
  })
}

export interface Draft {
  name: string
  whole: boolean
  from: string
  to: string
  section: string
  description: string
  location: string
  availability: string
  isPrivate: boolean
  remind: string
  repeat: string
  every: string
  days: string[]
  until: string
  attendees: number[]
}

/** What the form of a new event says: an hour on that day. */
export function newDraft(day: string, hour: number, section: string, me: number): Draft {
  const at = (hours: number) => `${day}T${String(hours).padStart(2, '0')}:00`
  return { name: '', whole: false, from: at(Math.min(hour, 22)), to: at(Math.min(hour, 22) + 1), section, description: '', location: '', availability: 'busy', isPrivate: false, remind: '15', repeat: '', every: '1', days: [], until: '', attendees: [me] }
}

const UNITS: Record<string, number> = { min: 1, hour: 60, day: 1440 }

/** An event in its form, by the clocks of its zone. Of a series the one that begins on a day, when one is named. */
export function draftOf(event: Event, day: string): Draft {
  const whole = isWhole(event)
  const zone = whole ? 'UTC' : event.TZ_FROM
  const [from, to] = [wallIn(zone, beginning(event)), wallIn(zone, end(event))]
  const shift = day && event.RRULE ? apart(from.slice(0, 10), day) : 0
  const rule = event.RRULE || undefined
  const first = event.REMIND[0]
  return {
    name: event.NAME, whole, from: moved(from, shift), to: moved(to, shift), section: event.SECT_ID, description: event.DESCRIPTION, location: event.LOCATION,
    availability: event.ACCESSIBILITY, isPrivate: event.PRIVATE_EVENT === '1', remind: first ? String(first.count * (UNITS[first.type] ?? 1)) : '',
    repeat: rule?.FREQ ?? '', every: String(rule?.INTERVAL ?? 1), days: Object.keys(rule?.BYDAY ?? {}),
    until: rule?.UNTIL_TS && !rule.COUNT ? dayIn('UTC', rule.UNTIL_TS) : '', attendees: event.ATTENDEE_LIST.map(one => one.id),
  }
}

/** Days from one to the other. */
export const apart = (one: string, other: string) => Math.round((Date.parse(`${other}T00:00Z`) - Date.parse(`${one}T00:00Z`)) / 1000 / DAY)

/** What is said of an event; for all of a series its days stand where they are, moved as the shown one was. */
export function saidOf(draft: Draft, zone: string, me: number, base?: { shown: Draft, first: Draft }): Record<string, unknown> {
  const cut = (wall: string) => (draft.whole ? wall.slice(0, 10) : wall.replace('T', ' '))
  const back = base ? apart(base.shown.from.slice(0, 10), base.first.from.slice(0, 10)) : 0
  const others = draft.attendees.filter(user => user !== me)
  const rule = draft.repeat && {
    FREQ: draft.repeat, INTERVAL: Number(draft.every) || 1, ...(draft.until && { UNTIL: draft.until }),
    ...(draft.repeat === 'WEEKLY' && draft.days.length > 0 && { BYDAY: draft.days }),
  }
  return {
    name: draft.name.trim(), from: cut(moved(draft.from, back)), to: cut(moved(draft.to, back)), skip_time: draft.whole ? 'Y' : 'N', timezone_from: zone,
    section: draft.section, description: draft.description, location: draft.location, accessibility: draft.availability,
    private_event: draft.isPrivate ? 'Y' : 'N', remind: draft.remind === '' ? [] : [{ type: 'min', count: Number(draft.remind) }], rrule: rule || '',
    is_meeting: others.length > 0 ? 'Y' : 'N', attendees: [me, ...others],
  }
}

/** Whether the end of a form lies before its beginning, or one of both is missing. */
export const isWrong = (draft: Draft) => draft.from === '' || draft.to === '' || (draft.whole ? draft.to.slice(0, 10) < draft.from.slice(0, 10) : draft.to < draft.from)
