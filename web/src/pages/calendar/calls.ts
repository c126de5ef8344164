// What the calendar asks of REST, as the signed-in person.
import { call } from '@/api'
import { byIds } from '../crm/calls'
import type { Event, Section } from './calendar'

/** The person's own events of a period, and those of the company. */
export async function listEvents(from: string, to: string): Promise<Event[]> {
  const of = async (type: string) => (await call<Event[]>('calendar.event.get', { type, ownerId: type === 'user' ? undefined : '', from, to })).result
  const [own, company] = await Promise.all([of('user'), of('company_calendar')])
  // Whoever is invited to an event of the company has a copy of it.
  const copied = new Set(own.map(event => event.PARENT_ID))
  return [...own, ...company.filter(event => !copied.has(event.ID))]
}

export const ownSections = async () => (await call<Section[]>('calendar.section.get', { type: 'user' })).result

/** An event; nothing for one that is not there. */
export async function getEvent(id: number): Promise<Event | undefined> {
  const { result } = await call<Event | unknown[]>('calendar.event.getbyid', { id })
  return Array.isArray(result) ? undefined : result
}

export const addEvent = async (said: Record<string, unknown>) => (await call<number>('calendar.event.add', { type: 'user', ...said })).result
export const updateEvent = (event: Event, said: Record<string, unknown>) =>
  call<unknown>('calendar.event.update', { id: event.ID, type: event.CAL_TYPE, ownerId: event.OWNER_ID, ...said })
export const deleteEvent = (event: Event, part: Record<string, unknown>) => call<unknown>('calendar.event.delete', { id: event.ID, ...part })
export const answer = (event: Event, status: string) => call<unknown>('calendar.meeting.status.set', { eventId: event.ID, status })

/** What people are called, by number. */
export const namesOf = async (ids: number[]) => new Map((await byIds('user', ids.map(String))).map(one => [Number(one.id), one.name]))
