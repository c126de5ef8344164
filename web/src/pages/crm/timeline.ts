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
}

const KINDS: Record<string, Entry['kind']> = { 1: 'meeting', 2: 'call', 4: 'email' }

/** BB codes and HTML as plain text: the words alone. */
export function plain(text: string): string {
  return text.replace(/<br\s*\/?>/gi, '\n').replace(/\[\/?[a-z*]+(?:=[^\]]*)?\]|<\/?[a-z][^>]*>/gi, '').trim()
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
    })),
  ]
  return entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.key.localeCompare(a.key, undefined, { numeric: true }))
}
