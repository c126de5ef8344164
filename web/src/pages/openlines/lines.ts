// Open channels and their dialogs: what the form of a line says, and what a dialog's chat tells of it.
import type { Groups } from '../declared/declared'
import type { Recent } from '@/api/messages'

export interface Line { ID: string, LINE_NAME: string, ACTIVE: string, QUEUE_TYPE: string, DATE_MODIFY: string, QUEUE: string[], QUEUE_USERS_FIELDS: Record<string, { USER_NAME: string | null }> | [], [setting: string]: unknown }

/** Settings that the form shows by itself. */
export const OWN = ['LINE_NAME', 'ACTIVE', 'QUEUE_TYPE', 'QUEUE']

export const GROUPS: Groups<'welcome' | 'queue' | 'crm' | 'worktime' | 'close' | 'vote' | 'kpi'> = [
  ['welcome', /WELCOME/], ['queue', /^(QUEUE_TIME|NO_ANSWER|CHECK_|MAX_|TYPE_MAX|SESSION_|SEND_NOTIFICATION)/], ['crm', /^CRM/], ['worktime', /^WORKTIME/], ['close', /CLOSE|EXPIRE/], ['vote', /^VOTE/], ['kpi', /^KPI/]
]

export interface Draft { name: string, active: boolean, kind: string, queue: string[], settings: Record<string, string> }

/** The form of a line with these settings; of a new one without a line. */
export function draftOf(line: Line | undefined, names: string[]): Draft {
  const settings = Object.fromEntries(names.map(name => [name, String(line?.[name] ?? '')]))
  return { name: line?.LINE_NAME ?? '', active: line?.ACTIVE !== 'N', kind: line?.QUEUE_TYPE ?? 'evenly', queue: line?.QUEUE ?? [], settings }
}

/** Operators in their order, as they are called. */
export const operatorsOf = (line: Line): string[] => line.QUEUE.map(id => (line.QUEUE_USERS_FIELDS as Record<string, { USER_NAME: string | null }>)[id]?.USER_NAME || `#${id}`)

/** An entry of the recent list with its chat, as far as dialogs are told of there. */
export interface Entry extends Recent {
  chat: { id: number, owner: number, entity_id: string, entity_data_1: string, entity_data_3: string }
}

export interface Dialog { id: number, title: string, connector: string, line: string, client: string, operator: number, record: { code: string, id: string } | undefined, pinned: boolean, silent: boolean, text: string, at: string, counter: number }

/** What the chat of a dialog says: `livechat|1|site|clara` names connector, line, chat and client; the data the record in the CRM. */
export function dialogOf(entry: Entry): Dialog {
  const [connector = '', line = '', , client = ''] = entry.chat.entity_id.split('|')
  const [isLinked, code = '', id = '', pinned] = entry.chat.entity_data_1.split('|')
  return {
    id: entry.chat.id, title: entry.title, connector, line, client, operator: entry.chat.owner, record: isLinked === 'Y' && Number(id) > 0 ? { code: code.toLowerCase(), id } : undefined,
    pinned: pinned === 'Y', silent: entry.chat.entity_data_3 === 'Y', text: entry.message.text, at: entry.message.date, counter: entry.counter
  }
}
