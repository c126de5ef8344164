/** Tasks in the shape the pages use: states, buttons, filters, checklists and times. */

export interface Person {
  id: string
  name: string
}

/** A task as `tasks.task.list` and `get` answer it; `action` says what the caller may do with it now. */
export interface Task {
  id: string
  title: string
  description: string | null
  status: string
  subStatus: string
  priority: string
  deadline: string | null
  createdBy: string
  responsibleId: string
  createdDate: string
  closedDate: string | null
  timeEstimate: string | null
  timeSpentInLogs: string | null
  groupId: string
  creator?: Person
  responsible?: Person
  accomplices?: string[]
  auditors?: string[]
  tags?: unknown
  ufCrmTask?: string[]
  ufTaskWebdavFiles?: (string | number)[] | false
  favorite?: string
  action?: Record<string, boolean>
  [name: string]: unknown
}

/** States, and as lists show them: overdue, not looked at yet, overdue within a day. */
export const STATES: Record<string, { key: 'pending' | 'progress' | 'awaiting' | 'completed' | 'deferred' | 'overdue' | 'new' | 'nearly', tone: 'good' | 'bad' | 'wait' | 'info' | 'plain' }> = {
  2: { key: 'pending', tone: 'plain' },
  3: { key: 'progress', tone: 'info' },
  4: { key: 'awaiting', tone: 'wait' },
  5: { key: 'completed', tone: 'good' },
  6: { key: 'deferred', tone: 'plain' },
  '-1': { key: 'overdue', tone: 'bad' },
  '-2': { key: 'new', tone: 'info' },
  '-3': { key: 'nearly', tone: 'wait' },
}

/** What moves a task to another state, in the order of the buttons: each is `tasks.task.{move}`, as far as `action` allows it. */
export const MOVES = ['start', 'pause', 'complete', 'approve', 'disapprove', 'defer', 'renew'] as const
export type Move = (typeof MOVES)[number]

export const movesOf = (task: Task): Move[] => MOVES.filter(move => task.action?.[move] === true)

/** Parts that somebody has in a task, as filters name them. */
export const ROLES = { doing: 'RESPONSIBLE_ID', helping: 'ACCOMPLICE', set: 'CREATED_BY', watching: 'AUDITOR' } as const
export type Role = keyof typeof ROLES

/** What a list asks for: words of the title, the part that the caller has, a state or all that are open. */
export function filterOf(search: string, role: string, status: string, me: number): Record<string, unknown> {
  const words = search.trim()
  return {
    ...(/^\d+$/.test(words) ? { ID: words } : words !== '' && { '%TITLE': words }),
    ...(role in ROLES && { [ROLES[role as Role]]: me }),
    ...(status === 'open' ? { '!STATUS': ['4', '5'] } : status !== '' && { REAL_STATUS: status }),
  }
}

/** A row of `task.checklistitem.getlist`. */
export interface ChecklistRow {
  ID: string
  PARENT_ID: string | number | false | null
  TITLE: string
  SORT_INDEX: string
  IS_COMPLETE: string
}

export interface ChecklistItem {
  id: string
  title: string
  done: boolean
  /** How deep it stands below its checklist. */
  level: number
}

export interface Checklist {
  id: string
  title: string
  items: ChecklistItem[]
}

/** The checklists with all below them, in their order. Rows whose parent is not there are checklists of their own. */
export function checklists(rows: ChecklistRow[]): Checklist[] {
  const ids = new Set(rows.map(row => String(row.ID)))
  const parent = (row: ChecklistRow) => (ids.has(String(row.PARENT_ID)) ? String(row.PARENT_ID) : '')
  const sorted = [...rows].sort((a, b) => Number(a.SORT_INDEX) - Number(b.SORT_INDEX) || Number(a.ID) - Number(b.ID))
  const below = (id: string, level: number): ChecklistItem[] => (level > rows.length ? [] : sorted.filter(row => parent(row) === id).flatMap(row => [
    { id: String(row.ID), title: row.TITLE, done: row.IS_COMPLETE === 'Y', level }, ...below(String(row.ID), level + 1),
  ]))
  return sorted.filter(row => parent(row) === '').map(row => ({ id: String(row.ID), title: row.TITLE, items: below(String(row.ID), 0) }))
}

/** Seconds as `1:05`, hours and minutes. */
export function clock(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** `1:30`, `1.5` and `1,5` as seconds; `undefined` for anything else. */
export function secondsOf(text: string): number | undefined {
  const [, hours, minutes] = /^(\d+):([0-5]\d)$/.exec(text.trim()) ?? []
  if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60
  const number = Number(text.trim().replace(',', '.'))
  return text.trim() !== '' && number > 0 ? Math.round(number * 3600) : undefined
}

/** What a form of a task holds. */
export interface Draft {
  title: string
  description: string
  responsible: string
  deadline: string
  important: boolean
  tags: string
}

export const draftOf = (task: Task | undefined, me: number): Draft => ({
  title: task?.title ?? '',
  description: task?.description ?? '',
  responsible: task?.responsibleId ?? String(me),
  deadline: task?.deadline ?? '',
  important: task?.priority === '2',
  tags: tagsOf(task).join(', '),
})

/** Tags come as `{"5": {"id": 5, "title": "office"}}`, or as a list. */
export function tagsOf(task: Task | undefined): string[] {
  const tags = task?.tags
  if (tags === null || typeof tags !== 'object') return []
  return Object.values(tags).map(one => (one !== null && typeof one === 'object' && 'title' in one ? String(one.title) : String(one)))
}

const CODES = { title: 'TITLE', description: 'DESCRIPTION', responsible: 'RESPONSIBLE_ID', deadline: 'DEADLINE', important: 'PRIORITY', tags: 'TAGS' } as const

/** What is said to save it: only what was changed. */
export function saidOf(before: Draft, after: Draft): Record<string, unknown> {
  const value = (name: keyof Draft) => {
    if (name === 'important') return after.important ? 2 : 1
    if (name === 'tags') return after.tags.split(',').map(tag => tag.trim()).filter(Boolean)
    return after[name]
  }
  const names = Object.keys(CODES) as (keyof Draft)[]
  return Object.fromEntries(names.filter(name => before[name] !== after[name]).map(name => [CODES[name], value(name)]))
}
