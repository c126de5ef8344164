// What the pages of workgroups ask of REST, as the signed-in person.
import { call } from '@/api'
import { byIds } from '../crm/calls'
import type { Group, Member, Role } from './groups'

/** Rows on a page. */
export const PAGE_SIZE = 50

export interface Listed {
  groups: Group[]
  /** What the person is in each, by its number. */
  roles: Record<string, Role>
  total: number
}

/** The workgroups to which the person belongs. */
export const ownGroups = async () => (await call<{ GROUP_ID: string, GROUP_NAME: string, ROLE: Role }[]>('sonet_group.user.groups')).result
const ownRoles = async (): Promise<Record<string, Role>> => Object.fromEntries((await ownGroups()).map(one => [one.GROUP_ID, one.ROLE]))

export async function listGroups(search: string, sort: string, page: number): Promise<Listed> {
  const words = search.trim()
  const order = { [sort.replace('-', '')]: sort.startsWith('-') ? 'DESC' : 'ASC' }
  const [{ result, total }, roles] = await Promise.all([
    call<Group[]>('sonet_group.get', { FILTER: words === '' ? {} : { '%NAME': words }, ORDER: order, start: (page - 1) * PAGE_SIZE }),
    ownRoles(),
  ])
  return { groups: result, roles, total: total ?? result.length }
}

export interface Whole {
  group: Group
  role: Role | undefined
  members: Member[]
}

/** A workgroup with its members; nothing for one that the person does not see. */
export async function getGroup(id: number, isAdmin: boolean): Promise<Whole | undefined> {
  const group = (await call<Group[]>('sonet_group.get', { FILTER: { ID: id }, IS_ADMIN: isAdmin ? 'Y' : 'N' })).result[0]
  if (!group) return undefined
  const [roles, { result }] = await Promise.all([ownRoles(), call<{ USER_ID: string, ROLE: Role }[]>('sonet_group.user.get', { ID: id })])
  const names = new Map((await byIds('user', result.map(one => one.USER_ID))).map(one => [one.id, one.name]))
  return { group, role: roles[id], members: result.map(one => ({ id: one.USER_ID, role: one.ROLE, name: names.get(one.USER_ID) ?? `#${one.USER_ID}` })) }
}

export const addGroup = async (fields: Record<string, string>) => (await call<number>('sonet_group.create', fields)).result
export const updateGroup = (id: number, fields: Record<string, string>) => call<number>('sonet_group.update', { GROUP_ID: id, ...fields })
export const deleteGroup = (id: number) => call<boolean>('sonet_group.delete', { GROUP_ID: id })
export const giveGroup = (id: number, user: string) => call<boolean>('sonet_group.setowner', { GROUP_ID: id, USER_ID: user })

export const inviteTo = async (id: number, user: string) => (await call<string[]>('sonet_group.user.invite', { GROUP_ID: id, USER_ID: user })).result
/** Joins an open workgroup or one that invited the person, and asks others. */
export const askToJoin = (id: number) => call<boolean>('sonet_group.user.request', { GROUP_ID: id })
export const changeRole = (id: number, user: string, role: Role) => call<string[]>('sonet_group.user.update', { GROUP_ID: id, USER_ID: user, ROLE: role })
export const removeFrom = (id: number, user: string) => call<string[]>('sonet_group.user.delete', { GROUP_ID: id, USER_ID: user })
