/** The timeline of a record: its comments, log messages and activities, the latest first. */

/** What stands in a timeline. */
export interface Entry {
  key: string
  kind: 'comment' | 'log' | 'call' | 'meeting' | 'email' | 'todo' | 'activity'
  /** When it was written. */
  at: string
  /** The number of whoever wrote it. */
  author: string
  title: string
  text: string
  /** Until when it is to be done. */
  deadline?: string
  done?: boolean
  files: { name: string, url: string }[]
  /** Of a call that took place. */
  call?: Talk
}

/** A call that took place. */
export interface Talk {
  way: 'in' | 'out' | 'missed'
  number: string
  /** Its seconds. */
  length: number
}

/** A row of `crm.timeline.comment.list`. */
export interface Comment {
  ID: string
  CREATED: string
  COMMENT: string
  AUTHOR_ID: string
  FILES: Record<string, { name: string, urlDownload: string }> | []
}

/** A row of `crm.timeline.logmessage.list`. */
export interface LogMessage {
  id: number
  created: string
  authorId: number
  title: string
  text: string
}

/** A row of `crm.activity.list`. */
export interface Activity {
  ID: string
  TYPE_ID: string
  PROVIDER_ID: string | null
  SUBJECT: string
  DESCRIPTION: string
  DESCRIPTION_TYPE: string
  CREATED: string
  DEADLINE: string
  COMPLETED: string
  AUTHOR_ID: string
  FILES: { id: number, url: string }[]
  DIRECTION?: string
  START_TIME?: string
  END_TIME?: string
  ORIGIN_ID?: string | null
  SETTINGS?: { MISSED_CALL?: boolean } | []
  COMMUNICATIONS?: { VALUE: string }[]
}

const KINDS: Record<string, Entry['kind']> = { 1: 'meeting', 2: 'call', 4: 'email' }

/** BB codes and HTML as plain text: the words alone. */
export function plain(text: string): string {
  return text.replace(/<br\s*\/?>/gi, '\n').replace(/\[\/?[a-z*]+(?:=[^\]]*)?\]|<\/?[a-z][^>]*>/gi, '').trim()
}

/** What an activity says of a call that telephony reported; one that is only planned says nothing. */
export function talk(activity: Activity): Talk | undefined {
  if (activity.TYPE_ID !== '2' || activity.ORIGIN_ID?.startsWith('VI_') !== true) return undefined
  const settings = Array.isArray(activity.SETTINGS) ? undefined : activity.SETTINGS
  const length = Date.parse(activity.END_TIME ?? '') - Date.parse(activity.START_TIME ?? '')
  const isIncoming = activity.DIRECTION === '1'
  return {
    way: isIncoming && settings?.MISSED_CALL === true ? 'missed' : isIncoming ? 'in' : 'out',
    number: activity.COMMUNICATIONS?.[0]?.VALUE ?? '',
    length: Number.isFinite(length) ? Math.max(0, Math.round(length / 1000)) : 0,
  }
}

/** Seconds as people write them: `1:35`, `1:02:07`. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (parts[0] === 0) parts.shift()
  return parts.map((part, at) => at === 0 ? String(part) : String(part).padStart(2, '0')).join(':')
}

/** Everything in one list, the latest first. */
export function merge(comments: Comment[], messages: LogMessage[], activities: Activity[]): Entry[] {
  const entries: Entry[] = [
    ...comments.map(one => ({
      key: `comment-${one.ID}`,
      kind: 'comment' as const,
      at: one.CREATED,
      author: one.AUTHOR_ID,
      title: '',
      text: plain(one.COMMENT),
      files: Object.values(one.FILES).map(file => ({ name: file.name, url: file.urlDownload })),
    })),
    ...messages.map(one => ({
      key: `log-${one.id}`, kind: 'log' as const, at: one.created, author: String(one.authorId), title: one.title, text: one.text, files: [],
    })),
    ...activities.map(one => ({
      key: `activity-${one.ID}`,
      kind: one.PROVIDER_ID === 'CRM_TODO' ? ('todo' as const) : (KINDS[one.TYPE_ID] ?? ('activity' as const)),
      at: one.CREATED,
      author: one.AUTHOR_ID,
      title: one.SUBJECT,
      text: plain(one.DESCRIPTION),
      deadline: one.DEADLINE,
      done: one.COMPLETED === 'Y',
      files: one.FILES.map(file => ({ name: `#${String(file.id)}`, url: file.url })),
      call: talk(one),
    })),
  ]
  return entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.key.localeCompare(a.key, undefined, { numeric: true }))
}
