/** Workgroups in the shape the pages use. */

/** A workgroup as `sonet_group.get` answers it. */
export interface Group {
  ID: string
  NAME: string
  DESCRIPTION: string | null
  OPENED: string
  VISIBLE: string
  CLOSED: string
  PROJECT: string
  OWNER_ID: string
  NUMBER_OF_MEMBERS: string
  DATE_ACTIVITY: string
  SCRUM_MASTER_ID?: string | null
}

/** What somebody is in a workgroup: its owner, a moderator or a member. */
export type Role = 'A' | 'E' | 'K'

export interface Member {
  id: string
  name: string
  role: Role
}

/** What a form of a workgroup holds. */
export interface Draft {
  name: string
  description: string
  project: boolean
  opened: boolean
  visible: boolean
  closed: boolean
}

export const draftOf = (group: Group | undefined): Draft => ({
  name: group?.NAME ?? '',
  description: group?.DESCRIPTION ?? '',
  project: group?.PROJECT === 'Y',
  opened: group?.OPENED === 'Y',
  visible: group === undefined || group.VISIBLE === 'Y',
  closed: group?.CLOSED === 'Y',
})

const CODES = { name: 'NAME', description: 'DESCRIPTION', project: 'PROJECT', opened: 'OPENED', visible: 'VISIBLE', closed: 'CLOSED' } as const

/** What is said to save it: only what was changed. */
export function saidOf(before: Draft, after: Draft): Record<string, string> {
  const names = (Object.keys(CODES) as (keyof Draft)[]).filter(name => before[name] !== after[name])
  return Object.fromEntries(names.map(name => {
    const value = after[name]
    return [CODES[name], typeof value === 'boolean' ? (value ? 'Y' : 'N') : value]
  }))
}

/** What somebody may do in a workgroup. */
export function rightsOf(role: Role | undefined, isAdmin: boolean): { change: boolean, own: boolean } {
  return { change: isAdmin || role === 'A' || role === 'E', own: isAdmin || role === 'A' }
}
