// What the CRM pages ask of REST, with the rights of whoever is signed in.
import { type Kind, call, changeRecord, kindsOnce } from '@/api'
import { type Field, fieldsOf, nameOf, namedBy } from './fields'
import type { Changes, Record_ } from './form'
import { type Names, type Status, keyOf, put, unknown } from './names'
import { type Activity, type Comment, type Entry, type LogMessage, merge } from './timeline'
import type { Asked } from './whole'
import { type Wire, wireOf } from './wire'

/** Rows on a page of every list. */
export const PAGE_SIZE = 50

/** A page of a list. */
export interface Found {
  records: Record_[]
  total: number
}

/** The fields of a kind of records, as they are now: user fields may have been added. */
export async function fields(kind: Kind): Promise<Field[]> {
  const wire = wireOf(kind)
  const [all, { result }] = await Promise.all([kindsOnce(), call<unknown>(wire.method('fields'), wire.base)])
  return fieldsOf(kind, all, wire.inside(result, 'fields'))
}

export async function list(wire: Wire, params: { filter: Record_, order: Record_, select: string[] }, page: number): Promise<Found> {
  const { result, total } = await call<unknown>(wire.method('list'), { ...asked(wire, params), start: (page - 1) * PAGE_SIZE })
  const records = rows(wire, result)
  return { records, total: total ?? records.length }
}

/** A page of a list that is read from end to end: not counted. */
export async function pageOf(wire: Wire, params: Asked & { select: string[] }): Promise<Record_[]> {
  const { result } = await call<unknown>(wire.method('list'), { ...asked(wire, params), start: -1 })
  return rows(wire, result)
}

const asked = (wire: Wire, { filter, order, select }: { filter: object, order: object, select: string[] }) =>
  ({ ...wire.base, filter: wire.out(filter as Record_), order: wire.out(order as Record_), select: select.map(wire.name) })

const rows = (wire: Wire, answer: unknown) => wire.inside<Record_[]>(answer, 'items').map(wire.back)

/** A record as it came. */
export async function get(wire: Wire, id: number): Promise<Record_> {
  const { result } = await call<unknown>(wire.method('get'), { ...wire.base, id })
  return wire.inside<Record_>(result, 'item')
}

/** Makes a record and gives its number. */
export async function add(wire: Wire, said: Changes): Promise<number> {
  const { result } = await call<unknown>(wire.method('add'), { ...wire.base, fields: wire.out(said) })
  const made = wire.inside<number | { id: number }>(result, 'item')
  return typeof made === 'number' ? made : made.id
}

/** With what was read before, only if nobody changed the same fields since. */
export const update = (kind: Kind, wire: Wire, id: number, said: Changes, before?: Record_) =>
  changeRecord(kind.code, id, wire.out(said), before && wire.out(before))

export const remove = (wire: Wire, id: number) => call<unknown>(wire.method('delete'), { ...wire.base, id })

/** The entries of all dictionaries. */
export const statuses = async () => (await call<Status[]>('crm.status.list', { order: { SORT: 'ASC' } })).result

/** The pipelines of a kind. */
export async function categories(kind: Kind): Promise<{ id: number, name: string }[]> {
  const { result } = await call<{ categories: { id: number, name: string }[] }>('crm.category.list', { entityTypeId: kind.entity_type_id })
  return result.categories
}

interface User {
  ID: string
  NAME?: string
  LAST_NAME?: string
  EMAIL?: string
}

/** A user or a linked record as something to choose. */
export interface Known {
  id: string
  name: string
}

const person = (one: { NAME?: unknown, LAST_NAME?: unknown }) => [one.NAME, one.LAST_NAME].filter(Boolean).join(' ')

const asUser = (one: User): Known => ({ id: one.ID, name: person(one) || one.EMAIL || `#${one.ID}` })

const asRecord = (one: Record_): Known => ({ id: String(one.ID), name: nameOf(one) })

/** Users by words in their names. */
export async function findUsers(text: string): Promise<Known[]> {
  const { result } = await call<User[]>(text === '' ? 'user.get' : 'user.search', { FILTER: text === '' ? { ACTIVE: true } : { FIND: text } })
  return result.map(asUser)
}

/** Records by a part of their names, or by their number. */
export async function findRecords(kind: Kind, text: string): Promise<Known[]> {
  const byName = { [`%${namedBy(kind).at(-1)!}`]: text }
  const filter = text === '' ? {} : /^\d+$/.test(text) ? { ID: text } : byName
  return (await pageOf(wireOf(kind), { filter, select: namedBy(kind), order: { ID: 'DESC' }, start: -1 })).map(asRecord)
}

/** Finds what users and linked records in these records are called. What one may not see keeps its number. */
export async function nameAll(names: Names, shown: Field[], records: Record_[]): Promise<void> {
  const wanted = [...unknown(names, shown, records)]
  await Promise.all(wanted.map(async ([kind, ids]) => {
    for (const one of await byIds(kind, ids)) put(names, keyOf(kind), one.id, one.name)
  }))
}

/** The names of users or records of these numbers. */
export async function byIds(kind: 'user' | Kind, ids: string[]): Promise<Known[]> {
  const found: Known[] = []
  for (let at = 0; at < ids.length; at += PAGE_SIZE) {
    const part = ids.slice(at, at + PAGE_SIZE)
    if (kind === 'user') found.push(...(await call<User[]>('user.get', { FILTER: { ID: part } })).result.map(asUser))
    else found.push(...(await pageOf(wireOf(kind), { filter: { ID: part }, select: namedBy(kind), order: { ID: 'ASC' }, start: -1 })).map(asRecord))
  }
  return found
}

/** The latest entries in the timeline of a record: a page of each kind. */
export async function timelineOf(kind: Kind, id: number): Promise<Entry[]> {
  const item = { entityTypeId: kind.entity_type_id, entityId: id }
  const [comments, messages, activities] = await Promise.all([
    call<Comment[]>('crm.timeline.comment.list', { filter: { ENTITY_TYPE: kind.code, ENTITY_ID: id }, order: { ID: 'DESC' } }),
    call<LogMessage[]>('crm.timeline.logmessage.list', { ...item, order: { id: 'desc' } }),
    call<Activity[]>('crm.activity.list', {
      filter: { BINDINGS: [{ OWNER_TYPE_ID: item.entityTypeId, OWNER_ID: id }] }, select: ['*', 'FILES', 'COMMUNICATIONS'], order: { ID: 'DESC' },
    }),
  ])
  return merge(comments.result, messages.result, activities.result)
}

export const addComment = (kind: Kind, id: number, text: string) =>
  call<number>('crm.timeline.comment.add', { fields: { ENTITY_TYPE: kind.code, ENTITY_ID: id, COMMENT: text } })

export const completeActivity = (id: string) => call<boolean>('crm.activity.update', { id, fields: { COMPLETED: 'Y' } })

/** Asks a telephone exchange to call a client: it is told by an event. */
export const callBack = (kind: Kind, id: number, user: number, number: string) =>
  call('telephony.externalCall.register', {
    USER_ID: user, PHONE_NUMBER: number, TYPE: 1,
    ...(['LEAD', 'CONTACT', 'COMPANY'].includes(kind.code) ? { CRM_ENTITY_TYPE: kind.code, CRM_ENTITY_ID: id } : {}),
  })
