// What the CRM pages ask of REST, with the rights of whoever is signed in.
import { call, changeRecord } from '@/api'
import { type Descriptor, type Entity, type Field, fieldsOf } from './fields'
import type { Changes, Record_ } from './form'
import { type Names, type Status, put, unknown } from './names'
import { type Activity, type Comment, type Entry, type LogMessage, TYPE_IDS, merge } from './timeline'

/** Rows on a page of every list. */
export const PAGE_SIZE = 50

/** A page of a list. */
export interface Found {
  records: Record_[]
  total: number
}

/** The fields of a kind of records, as they are now: user fields may have been added. */
export async function fields(entity: Entity): Promise<Field[]> {
  const { result } = await call<Record<string, Descriptor>>(`crm.${entity}.fields`)
  return fieldsOf(result)
}

export async function list(entity: Entity, params: { filter: object, order: object, select: string[] }, page: number): Promise<Found> {
  const { result, total } = await call<Record_[]>(`crm.${entity}.list`, { ...params, start: (page - 1) * PAGE_SIZE })
  return { records: result, total: total ?? result.length }
}

/** A page of a list that is read from end to end: not counted. */
export const pageOf = async (entity: Entity, params: Record<string, unknown>) => (await call<Record_[]>(`crm.${entity}.list`, params)).result

export async function get(entity: Entity, id: number): Promise<Record_> {
  const { result } = await call<Record_>(`crm.${entity}.get`, { id })
  return result
}

export const add = async (entity: Entity, said: Changes) => (await call<number>(`crm.${entity}.add`, { fields: said })).result

/** With what was read before, only if nobody changed the same fields since. */
export const update = (entity: Entity, id: number, said: Changes, before?: Record_) => changeRecord(entity, id, said, before)

export const remove = (entity: Entity, id: number) => call<boolean>(`crm.${entity}.delete`, { id })

/** Dictionaries and pipelines: few, and the same for every page. */
export interface Dictionaries {
  statuses: Status[]
  categories: { id: number, name: string }[]
}

export async function dictionaries(): Promise<Dictionaries> {
  const [statuses, categories] = await Promise.all([
    call<Status[]>('crm.status.list', { order: { SORT: 'ASC' } }),
    call<{ categories: { id: number, name: string }[] }>('crm.category.list', { entityTypeId: 2 }),
  ])
  return { statuses: statuses.result, categories: categories.result.categories }
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

const asRecord = (entity: Entity) => (one: Record_): Known => ({
  id: String(one.ID),
  name: (entity === 'contact' ? person(one) : String(one.TITLE ?? '')) || `#${String(one.ID)}`,
})

const named = (entity: Entity) => (entity === 'contact' ? ['ID', 'NAME', 'LAST_NAME'] : ['ID', 'TITLE'])

/** Users by words in their names. */
export async function findUsers(text: string): Promise<Known[]> {
  const { result } = await call<User[]>(text === '' ? 'user.get' : 'user.search', text === '' ? {} : { FILTER: { FIND: text } })
  return result.map(asUser)
}

/** Records by a part of their names, or by their number. */
export async function findRecords(entity: Entity, text: string): Promise<Known[]> {
  const byName = { [entity === 'contact' ? '%LAST_NAME' : '%TITLE']: text }
  const filter = text === '' ? {} : /^\d+$/.test(text) ? { ID: text } : byName
  const { result } = await call<Record_[]>(`crm.${entity}.list`, { filter, select: named(entity), order: { ID: 'DESC' }, start: -1 })
  return result.map(asRecord(entity))
}

/** Finds what users and linked records in these records are called. What one may not see keeps its number. */
export async function nameAll(names: Names, shown: Field[], records: Record_[]): Promise<void> {
  const wanted = [...unknown(names, shown, records)]
  await Promise.all(wanted.map(async ([kind, ids]) => {
    for (const one of await byIds(kind, ids)) put(names, kind, one.id, one.name)
  }))
}

/** The names of users (`user`) or records of these numbers. */
export async function byIds(kind: string, ids: string[]): Promise<Known[]> {
  const found: Known[] = []
  for (let at = 0; at < ids.length; at += PAGE_SIZE) {
    const part = ids.slice(at, at + PAGE_SIZE)
    if (kind === 'user') found.push(...(await call<User[]>('user.get', { FILTER: { ID: part } })).result.map(asUser))
    else {
      const entity = kind as Entity
      const { result } = await call<Record_[]>(`crm.${entity}.list`, { filter: { ID: part }, select: named(entity), start: -1 })
      found.push(...result.map(asRecord(entity)))
    }
  }
  return found
}

/** The latest entries in the timeline of a record: a page of each kind. */
export async function timelineOf(entity: Entity, id: number): Promise<Entry[]> {
  const item = { entityTypeId: TYPE_IDS[entity], entityId: id }
  const [comments, messages, activities] = await Promise.all([
    call<Comment[]>('crm.timeline.comment.list', { filter: { ENTITY_TYPE: entity, ENTITY_ID: id }, order: { ID: 'DESC' } }),
    call<LogMessage[]>('crm.timeline.logmessage.list', { ...item, order: { id: 'desc' } }),
    call<Activity[]>('crm.activity.list', {
      filter: { BINDINGS: [{ OWNER_TYPE_ID: item.entityTypeId, OWNER_ID: id }] }, select: ['*', 'FILES'], order: { ID: 'DESC' },
    }),
  ])
  return merge(comments.result, messages.result, activities.result)
}

export const addComment = (entity: Entity, id: number, text: string) =>
  call<number>('crm.timeline.comment.add', { fields: { ENTITY_TYPE: entity, ENTITY_ID: id, COMMENT: text } })

export const completeActivity = (id: string) => call<boolean>('crm.activity.update', { id, fields: { COMPLETED: 'Y' } })
