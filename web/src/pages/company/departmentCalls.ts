// Departments and who works in them, as the signed-in person: the methods `department.*`, `humanresources.node.*` and `user.get`.
import { call, changeRecord } from '@/api'
import { byIds } from '../crm/calls'
import { listDepartments, type Department } from './departments'

/** Nodes that one answer has at most. */
const NODES = 200
/** People on a page of a department. */
export const PEOPLE = 50

interface About { id: number, description: string | null, userCount: number }

/** A department in the structure: with its head's name, what is said of it, and how many people work in it. */
export interface Place extends Department { description: string, people: number, headName: string | undefined }

async function abouts(): Promise<Map<number, About>> {
  const all = new Map<number, About>()
  for (let offset = 0, came = NODES; came === NODES; offset += NODES) {
    const { result } = await call<{ items: About[] }>('humanresources.node.list', { type: 'DEPARTMENT', select: ['id', 'description', 'userCount'], pagination: { limit: NODES, offset } })
    for (const one of result.items) all.set(one.id, one)
    came = result.items.length
  }
  return all
}

export async function listPlaces(): Promise<Place[]> {
  const [departments, about] = await Promise.all([listDepartments(), abouts()])
  const heads = await byIds('user', [...new Set(departments.flatMap(one => (one.head ? [String(one.head)] : [])))])
  const names = new Map(heads.map(one => [Number(one.id), one.name]))
  return departments.map(one => ({
    ...one, description: about.get(one.id)?.description ?? '', people: about.get(one.id)?.userCount ?? 0, headName: one.head ? names.get(one.head) ?? `#${one.head}` : undefined
  }))
}

/** Somebody who works in a department, and how to reach them. */
export interface Colleague { id: number, name: string, position: string, email: string, phone: string }

interface UserRow { ID: string, NAME?: string, LAST_NAME?: string, EMAIL?: string, WORK_POSITION?: string, WORK_PHONE?: string, PERSONAL_MOBILE?: string }

const SHOWN = ['ID', 'NAME', 'LAST_NAME', 'EMAIL', 'WORK_POSITION', 'WORK_PHONE', 'PERSONAL_MOBILE']
const colleague = (row: UserRow): Colleague => ({
  id: Number(row.ID), name: [row.NAME, row.LAST_NAME].filter(Boolean).join(' ') || row.EMAIL || `#${row.ID}`, position: row.WORK_POSITION ?? '', email: row.EMAIL ?? '', phone: row.WORK_PHONE || row.PERSONAL_MOBILE || ''
})

async function people(FILTER: object, start = 0) {
  const { result, total } = await call<UserRow[]>('user.get', { FILTER: { ACTIVE: true, ...FILTER }, sort: 'LAST_NAME', order: 'ASC', select: SHOWN, start })
  return { people: result.map(colleague), total: total ?? result.length }
}

/** The first people of a department, so many pages of them; its head, who may work elsewhere, comes first. */
export async function peopleOf(department: number, head: number | undefined, pages: number) {
  const found = await Promise.all(Array.from({ length: pages }, (_, page) => people({ UF_DEPARTMENT: department }, page * PEOPLE)))
  const all = found.flatMap(one => one.people)
  const [first] = head ? all.filter(one => one.id === head).concat((await people({ ID: head })).people) : []
  return { people: [...(first ? [first] : []), ...all.filter(one => one.id !== head)], more: all.length < (found[0]?.total ?? 0) }
}

export interface Draft { name: string, parent: number | undefined, head: number | undefined, description: string }

export const draftOf = (place: Place | undefined, parent: number | undefined): Draft =>
  ({ name: place?.name ?? '', parent: place ? place.parent : parent, head: place?.head, description: place?.description ?? '' })

/** Changes what differs; with what was read before, only if nobody changed the same since. */
export async function changePlace(place: Place, draft: Draft, anyway: boolean): Promise<void> {
  const name = draft.name.trim()
  const fields = { ...(name !== place.name && { NAME: name }), ...(draft.head !== place.head && { UF_HEAD: draft.head ?? '' }), ...(draft.parent !== place.parent && { PARENT: draft.parent }) }
  if (Object.keys(fields).length > 0) await changeRecord('department', place.id, fields, anyway ? undefined : place.row)
  if (draft.description !== place.description) await describe(place.id, draft.description)
}

export async function addPlace(draft: Draft): Promise<number> {
  const { result } = await call<number>('department.add', { NAME: draft.name.trim(), PARENT: draft.parent, ...(draft.head && { UF_HEAD: draft.head }) })
  if (draft.description) await describe(result, draft.description)
  return result
}

const describe = (id: number, description: string) => call<unknown>('humanresources.node.edit', { id, description })
export const deletePlace = (id: number) => call<unknown>('department.delete', { ID: id })
export const setHead = (place: Place, head: number | undefined) => changeRecord('department', place.id, { UF_HEAD: head ?? '' }, place.row)
export const addPerson = (nodeId: number, user: number) => call<unknown>('humanresources.node.member.add', { nodeId, userIds: [user], role: 'MEMBER_EMPLOYEE' })
export const removePerson = (nodeId: number, user: number) => call<unknown>('humanresources.node.member.remove', { nodeId, userIds: [user] })
