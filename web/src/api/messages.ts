/** Dialogs, messages and notifications of the signed-in person: what the methods of `im` answer. */
import { call, withQuery } from './client'

export interface Person { id: number, name: string, avatar: string, color: string, work_position: string, active: boolean, bot?: boolean }

/** An entry of the recent list; `id` is a number for a person and `chat58` for a chat. */
export interface Recent {
  id: number | string
  chat_id: number
  type: 'user' | 'chat'
  title: string
  avatar: { url: string, color: string }
  message: { id: number, text: string, author_id: number, date: string, status: string }
  counter: number
  pinned: boolean
  unread: boolean
}

export interface Message {
  id: number
  author_id: number
  date: string
  text: string
  unread: boolean
  params: { LIKE?: number[], IS_DELETED?: string, IS_EDITED?: string, REPLY_ID?: number, FILE_ID?: number[], ATTACH?: unknown[], KEYBOARD?: Key[] } | []
}

/** A button below a message: it opens a link, sends a command to a bot, or writes or says something for the person. */
export interface Key {
  TYPE: 'BUTTON' | 'NEWLINE'
  TEXT?: string
  LINK?: string
  COMMAND?: string
  COMMAND_PARAMS?: string
  ACTION?: string
  ACTION_VALUE?: string
  BOT_ID?: number
  DISPLAY?: string
  DISABLED?: string
}

export interface File { id: number, name: string, size: number, type: string, urlDownload: string }

export interface Messages { chat_id: number, messages: Message[], users: Person[], files: File[] }

export interface Dialog {
  id: number
  dialog_id: string
  name: string
  avatar: string
  color: string
  type: string
  owner: number
  role: 'guest' | 'member' | 'manager' | 'owner'
  counter: number
  user_counter: number
  last_message_id: number
  restrictions: { extend: boolean, leave: boolean, rename: boolean }
  mute_list: Record<string, boolean> | []
  text_field_enabled?: boolean
  readed_list: { user_id: number, user_name: string, message_id: number }[]
}

export interface Notification {
  id: number
  author_id: number
  date: string
  notify_type: number
  notify_title: string
  notify_read: 'Y' | 'N'
  notify_buttons?: string
  text: string
}

export interface Notifications { total_count?: number, total_unread_count?: number, notifications: Notification[], users: Person[] }

export interface Counters { TYPE: { ALL: number, NOTIFY: number, MESSENGER: number } }

/** What the stream sends whenever it has changed; `dialog` and `messages` are null for a dialog that is not the person's. */
export interface Page {
  recent: { items: Recent[], hasMore: boolean }
  counters: Counters
  dialog?: Dialog | null
  messages?: Messages | null
  notifications?: Notifications | null
}

/** What the list of notifications is called where a dialog is. */
export const NOTIFICATIONS = 'notifications'

/** Where the page is told of changes: server-sent events `messages`. */
export const stream = (dialog?: string) => withQuery('/api/messages/stream', { dialog })

const result = async <T>(method: string, params: Record<string, unknown>) => (await call<T>(method, params)).result

export const olderMessages = (dialog: string, before: number) =>
  result<Messages>('im.dialog.messages.get', { DIALOG_ID: dialog, LAST_ID: before, LIMIT: 50 })
export const sendMessage = (dialog: string, text: string) => result<number>('im.message.add', { DIALOG_ID: dialog, MESSAGE: text })
export const changeMessage = (id: number, text: string) => result<boolean>('im.message.update', { MESSAGE_ID: id, MESSAGE: text })
export const deleteMessage = (id: number) => result<boolean>('im.message.delete', { MESSAGE_ID: id })
export const likeMessage = (id: number) => result<boolean>('im.message.like', { MESSAGE_ID: id })
export const pressKey = (message: number, key: Key) =>
  result<boolean>('im.message.command', { MESSAGE_ID: message, BOT_ID: key.BOT_ID, COMMAND: key.COMMAND, COMMAND_PARAMS: key.COMMAND_PARAMS ?? '' })
export const readDialog = (dialog: string, message: number) => result<unknown>('im.dialog.read', { DIALOG_ID: dialog, MESSAGE_ID: message })
export const pinDialog = (dialog: string, on: boolean) => result<boolean>('im.recent.pin', { DIALOG_ID: dialog, PIN: on ? 'Y' : 'N' })
export const hideDialog = (dialog: string) => result<boolean>('im.recent.hide', { DIALOG_ID: dialog })
export const markUnread = (dialog: string) => result<boolean>('im.recent.unread', { DIALOG_ID: dialog, ACTION: 'Y' })
export const muteDialog = (dialog: string, on: boolean) => result<boolean>('im.chat.mute', { DIALOG_ID: dialog, MUTE: on ? 'Y' : 'N' })
export const makeChat = (title: string, users: number[]) => result<number>('im.chat.add', { TITLE: title, USERS: users })
export const addMembers = (chat: number, users: number[]) => result<boolean>('im.chat.user.add', { CHAT_ID: chat, USERS: users, HIDE_HISTORY: 'N' })
export const leaveChat = (chat: number) => result<boolean>('im.chat.leave', { CHAT_ID: chat })
export const readNotification = (id: number) => result<boolean>('im.notify.read', { ID: id, ONLY_CURRENT: 'Y' })
export const readNotifications = () => result<unknown>('im.notify.read.all', {})
export const deleteNotification = (id: number) => result<boolean>('im.notify.delete', { ID: id })
export const confirmNotification = (id: number, value: string) => result<unknown>('im.notify.confirm', { NOTIFY_ID: id, NOTIFY_VALUE: value })
export const counters = () => result<Counters>('im.counters.get', {})
export const oneDialog = (dialog: string) => result<Dialog>('im.dialog.get', { DIALOG_ID: dialog })
export const onePerson = (id: number) => result<Person>('im.user.get', { ID: id })

/** People whose names begin so. */
export async function findPeople(text: string): Promise<Person[]> {
  const found = await result<Record<string, Person> | []>('im.search.user.list', { FIND: text, LIMIT: 50 })
  return Object.values(found)
}

/** Chats whose titles have a word that begins so. */
export const findChats = (text: string) => result<{ id: number, name: string, color: string, avatar: string }[]>('im.search.chat.list', { FIND: text, LIMIT: 20 })
