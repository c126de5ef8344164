// Messages of a dialog in the order in which they are read, and what is shown between them.
import type { Dialog, Key, Message, Messages, Person } from '../../api/messages'

/** Messages that came before and now, the oldest first; what came last counts. Those that are gone from the newest page are gone. */
export function merged(before: Message[], page: Messages): Message[] {
  const oldest = page.messages.at(-1)?.id ?? 0
  const kept = page.messages.length === 0 ? [] : before.filter(one => one.id < oldest)
  return [...kept, ...page.messages.toReversed()]
}

/** Older messages, which come the newest first, before those that there are. */
export const withOlder = (messages: Message[], older: Messages): Message[] => {
  const first = messages[0]?.id ?? Infinity
  return [...older.messages.toReversed().filter(one => one.id < first), ...messages]
}

export const withPeople = (known: Map<number, Person>, people: Person[]): Map<number, Person> =>
  new Map([...known, ...people.map(one => [one.id, one] as const)])

export interface Line {
  message: Message
  /** The day, above its first message. */
  day?: string
  /** Whether the author is named: not again for the next one within a few minutes. */
  named: boolean
  /** Whether it is the first one that is unread. */
  first: boolean
}

const TOGETHER = 5 * 60_000

/** The lines of a thread; `dayOf` says on which day a moment is for whoever looks. */
export function lines(messages: Message[], dayOf: (iso: string) => string): Line[] {
  let [day, unread] = ['', false]
  return messages.map((message, index) => {
    const last = messages[index - 1]
    const today = dayOf(message.date)
    const isNew = today !== day
    const first = message.unread && !unread
    ;[day, unread] = [today, unread || message.unread]
    const soon = last && Date.parse(message.date) - Date.parse(last.date) < TOGETHER
    return { message, day: isNew ? today : undefined, named: isNew || !soon || last.author_id !== message.author_id, first }
  })
}

export const likes = (message: Message): number[] => (Array.isArray(message.params) ? [] : message.params.LIKE ?? [])
export const fileIds = (message: Message): number[] => (Array.isArray(message.params) ? [] : message.params.FILE_ID ?? [])
export const isDeleted = (message: Message): boolean => !Array.isArray(message.params) && message.params.IS_DELETED === 'Y'
export const isEdited = (message: Message): boolean => !Array.isArray(message.params) && message.params.IS_EDITED === 'Y'

/** The buttons below a message in rows: one that takes a whole line stands alone. */
export function keyboard(message: Message): Key[][] {
  const rows: Key[][] = [[]]
  for (const key of Array.isArray(message.params) ? [] : message.params.KEYBOARD ?? []) {
    const isNewLine = key.TYPE === 'NEWLINE'
    const isBlock = !isNewLine && key.DISPLAY !== 'LINE'
    if (isNewLine || isBlock) rows.push([])
    if (!isNewLine) rows.at(-1)!.push(key)
    if (isBlock) rows.push([])
  }
  return rows.filter(row => row.length > 0)
}

/** Whether somebody else has read a message. */
export const isSeen = (dialog: Dialog, message: Message): boolean => dialog.readed_list.some(one => one.message_id >= message.id)
