// What the pages of bookings ask of REST, as the signed-in person.
import { call } from '@/api'
import type { Booking, Client, Draft, Free, Kind, Resource, Slot, Waiting } from './booking'
import { clientsOf, saidOf } from './booking'

/** Rows on a page of each list. */
export const PAGE_SIZE = 50
/** Resources that a schedule shows, and bookings that it asks for, at most so many pages. */
const PAGES = 20

const result = async <T>(method: string, params: Record<string, unknown> = {}) => (await call<T>(method, params)).result

async function page<T>(method: string, name: string, params: Record<string, unknown>, at: number) {
  const { result, total } = await call<Record<string, T[]>>(method, { ...params, start: (at - 1) * PAGE_SIZE })
  const rows = result[name] ?? []
  return { rows, total: total ?? rows.length }
}

/** All pages, one after the other. */
async function whole<T>(method: string, name: string, params: Record<string, unknown> = {}): Promise<T[]> {
  const all: T[] = []
  for (let at = 1; at <= PAGES; at++) {
    const { rows, total } = await page<T>(method, name, params, at)
    all.push(...rows)
    if (rows.length === 0 || all.length >= total) break
  }
  return all
}

export const kinds = () => whole<Kind>('booking.v1.resourceType.list', 'resource', { ORDER: { name: 'ASC' } })
export const addKind = async (name: string, code: string) => (await result<{ id: number }>('booking.v1.resourceType.add', { fields: { name, code } })).id
export const resources = () => whole<Resource>('booking.v1.resource.list', 'resource', { ORDER: { name: 'ASC' } })
export const listResources = (search: string, kind: string, at: number) =>
  page<Resource>('booking.v1.resource.list', 'resource', { ORDER: { name: 'ASC' }, FILTER: { ...(search && { searchQuery: search }), ...(kind && { typeId: kind }) } }, at)

/** What the methods say of what is not there, and of what one may not see. */
const GONE = ['1009', '1021', '1040', 'ACCESS_DENIED']

/** What `get` answers, or nothing. */
const found = <T>(method: string, name: string, id: number): Promise<T | undefined> =>
  result<Record<string, T>>(method, { id }).then(answer => answer[name], (error: { code?: string }) => {
    if (GONE.includes(String(error.code))) return undefined
    throw error
  })

export const getResource = (id: number) => found<Resource>('booking.v1.resource.get', 'resource', id)
export const addResource = async (fields: object) => (await result<{ id: number }>('booking.v1.resource.add', { fields })).id
export const updateResource = (id: number, fields: object) => result<boolean>('booking.v1.resource.update', { id, fields })
export const deleteResource = (id: number) => result<boolean>('booking.v1.resource.delete', { id })
export const slotsOf = async (resourceId: number) => (await result<{ slots: Slot[] }>('booking.v1.resource.slots.list', { resourceId })).slots
export const setSlots = (resourceId: number, slots: Slot[]) =>
  slots.length > 0 ? result<boolean>('booking.v1.resource.slots.set', { resourceId, slots }) : result<boolean>('booking.v1.resource.slots.unset', { resourceId })

export const bookingsWithin = ({ from, to }: Free) => whole<Booking>('booking.v1.booking.list', 'booking', { FILTER: { within: { dateFrom: from, dateTo: to } } })
export const listBookings = (within: Free | undefined, order: string, at: number) =>
  page<Booking>('booking.v1.booking.list', 'booking', { FILTER: within ? { within: { dateFrom: within.from, dateTo: within.to } } : {}, ORDER: { dateFrom: order } }, at)
export const getBooking = (id: number) => found<Booking>('booking.v1.booking.get', 'booking', id)
export const deleteBooking = (id: number) => result<boolean>('booking.v1.booking.delete', { id })
export const toWaiting = (bookingId: number) => result<number>('booking.v1.waitlist.createfrombooking', { bookingId })

/** Clients and deals of a booking, or of an entry of the waiting list. */
export async function partsOf(of: 'booking' | 'waitlist', id: number) {
  const params = of === 'booking' ? { bookingId: id } : { waitListId: id }
  const [clients, data] = await Promise.all([
    result<Record<string, Client[]>>(`booking.v1.${of}.client.list`, params),
    result<{ externalData: { value: string }[] }>(`booking.v1.${of}.externalData.list`, params)
  ])
  return { clients: Object.values(clients)[0] ?? [], deals: data.externalData.map(one => String(one.value)) }
}

async function setParts(of: 'booking' | 'waitlist', id: number, draft: Pick<Draft, 'contacts' | 'companies' | 'deals'>) {
  const params = of === 'booking' ? { bookingId: id } : { waitListId: id }
  const clients = clientsOf(draft as Draft)
  const externalData = draft.deals.map(value => ({ moduleId: 'crm', entityTypeId: 'DEAL', value }))
  await (clients.length > 0 ? result(`booking.v1.${of}.client.set`, { ...params, clients }) : result(`booking.v1.${of}.client.unset`, params))
  await (externalData.length > 0 ? result(`booking.v1.${of}.externalData.set`, { ...params, externalData }) : result(`booking.v1.${of}.externalData.unset`, params))
}

/** Books, for somebody on the waiting list where one is named, who leaves it. */
export async function addBooking(draft: Draft, zone: string, waiting?: number): Promise<number> {
  const fields = saidOf(draft, zone)
  const id = waiting ? await result<number>('booking.v1.booking.createfromwaitlist', { waitListId: waiting, fields }) : (await result<{ id: number }>('booking.v1.booking.add', { fields })).id
  await setParts('booking', id, draft)
  return id
}
export async function updateBooking(id: number, draft: Draft, zone: string) {
  await result<boolean>('booking.v1.booking.update', { id, fields: saidOf(draft, zone) })
  await setParts('booking', id, draft)
}

export const listWaiting = (at: number) => page<Waiting>('booking.v1.waitlist.list', 'waitList', {}, at)
export const getWaiting = (id: number) => found<Waiting>('booking.v1.waitlist.get', 'waitList', id)
export const deleteWaiting = (id: number) => result<boolean>('booking.v1.waitlist.delete', { id })
export async function saveWaiting(id: number, note: string, parts: Pick<Draft, 'contacts' | 'companies' | 'deals'>): Promise<number> {
  const fields = { note }
  const of = id === 0 ? (await result<{ id: number }>('booking.v1.waitlist.add', { fields })).id : id
  if (id !== 0) await result<boolean>('booking.v1.waitlist.update', { id, fields })
  await setParts('waitlist', of, parts)
  return of
}
