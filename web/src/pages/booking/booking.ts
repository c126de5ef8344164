// Bookings and the slots of resources, in the time of whoever looks, and what their forms say.
import { fromLocal } from '../deliveries/zoned'
import { plus, wallIn } from '../calendar/calendar'
import { onDay } from '../../parts/hours'

export interface Moment { timestamp: number, timezone: string }
export interface Booking { id: number, name: string, description: string | null, resourceIds: number[], datePeriod: { from: Moment, to: Moment } }
export interface Resource { id: number, typeId: number, name: string, description: string | null, isMain: string, [setting: string]: unknown }
export interface Kind { id: number, code: string, name: string }
export interface Slot { from: number, to: number, timezone: string, weekDays: string[], slotSize: number }
export interface Waiting { id: number, note: string }
export interface Client { id: number, type: { module: string, code: string } }

export const WEEK = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** The second at which a clock of a zone shows `2026-06-15T10:00`. */
export const secondOf = (wall: string, zone: string) => Date.parse(fromLocal(wall, zone)) / 1000
export const dayOfWeek = (day: string) => WEEK[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7]!
const wallAt = (day: string, minutes: number) => `${minutes >= 1440 ? plus(day, 1) : day}T${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** A time that can be booked, in seconds. */
export interface Free { from: number, to: number }

/** What of a resource's slots begins on a day of the reader and is not taken. Slots keep the clocks of their own zone. */
export function freeOn(slots: Slot[], day: string, zone: string, taken: Free[]): Free[] {
  const found = new Map<number, Free>()
  for (const slot of slots) {
    // A day of the slot's zone may begin on the day before or behind.
    for (const own of [plus(day, -1), day, plus(day, 1)]) {
      if (!slot.weekDays.includes(dayOfWeek(own))) continue
      for (let minute = slot.from; minute + slot.slotSize <= slot.to; minute += slot.slotSize) {
        const [from, to] = [secondOf(wallAt(own, minute), slot.timezone), secondOf(wallAt(own, minute + slot.slotSize), slot.timezone)]
        if (wallIn(zone, from).slice(0, 10) === day && !taken.some(one => one.from < to && one.to > from)) found.set(from, { from, to })
      }
    }
  }
  return [...found.values()].sort((one, other) => one.from - other.from)
}

export const timeOf = (booking: Booking): Free => ({ from: booking.datePeriod.from.timestamp, to: booking.datePeriod.to.timestamp })

/** The minutes of a time on a day of the reader. */
export const minutesOn = (day: string, time: Free, zone: string) => onDay(day, wallIn(zone, time.from), wallIn(zone, time.to))

export interface Draft { name: string, description: string, resources: number[], from: string, to: string, contacts: string[], companies: string[], deals: string[] }

/** The form of a booking, by the clocks of a zone. */
export function draftOf(booking: Booking, zone: string, clients: Client[], deals: string[]): Draft {
  const { from, to } = timeOf(booking)
  const of = (code: string) => clients.filter(one => one.type.code === code).map(one => String(one.id))
  return { name: booking.name, description: booking.description ?? '', resources: booking.resourceIds, from: wallIn(zone, from), to: wallIn(zone, to), contacts: of('CONTACT'), companies: of('COMPANY'), deals }
}

/** The form of a new one: at the time that is asked for, else in the next hour. */
export function newDraft(resource: number | undefined, from: string, to: string, now: number, zone: string): Draft {
  const isWall = (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)
  const begin = isWall(from) ? secondOf(from, zone) : (Math.floor(now / 3600) + 1) * 3600
  const end = isWall(to) ? to : wallIn(zone, begin + 3600)
  return { name: '', description: '', resources: resource ? [resource] : [], from: wallIn(zone, begin), to: end, contacts: [], companies: [], deals: [] }
}

/** What is said of it. */
export function saidOf(draft: Draft, zone: string): Record<string, unknown> {
  const moment = (wall: string) => ({ timestamp: secondOf(wall, zone), timezone: zone })
  return { name: draft.name.trim(), description: draft.description, resourceIds: draft.resources, datePeriod: { from: moment(draft.from), to: moment(draft.to) } }
}

export const clientsOf = (draft: Draft): Client[] => [
  ...draft.contacts.map(id => ({ id: Number(id), type: { module: 'crm', code: 'CONTACT' } })),
  ...draft.companies.map(id => ({ id: Number(id), type: { module: 'crm', code: 'COMPANY' } })),
]

/** Whether it cannot be saved: a booking needs a resource, and an end behind its beginning. */
export const isWrong = (draft: Draft) => draft.from === '' || draft.to === '' || draft.to <= draft.from

/** Minutes of the day of `09:30`; the end of a day is 24:00, which inputs do not know: a slot until midnight ends at 0:00. */
export const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
export const clockOf = (minutes: number) => `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
export const endOf = (clock: string) => minutesOf(clock) || 1440
