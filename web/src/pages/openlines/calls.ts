// What the pages of open channels ask of REST, as the signed-in person.
import { call } from '@/api'
import { byIds } from '../crm/calls'
import { changes } from '../declared/declared'
import { type Dialog, type Draft, type Entry, type Line, dialogOf } from './lines'

/** Dialogs on a page. */
export const PAGE_SIZE = 50

const result = async <T>(method: string, params: Record<string, unknown>) => (await call<T>(method, params)).result

/** All lines, one page after the other. */
export async function listLines(): Promise<Line[]> {
  const all: Line[] = []
  for (const limit = 200; ;) {
    const PARAMS = { select: ['ID', 'LINE_NAME', 'ACTIVE', 'QUEUE_TYPE', 'DATE_MODIFY'], order: { LINE_NAME: 'ASC' }, limit, offset: all.length }
    const found = await result<Line[]>('imopenlines.config.list.get', { PARAMS, OPTIONS: { QUEUE: 'Y' } })
    all.push(...found)
    if (found.length < limit) return all
  }
}
export const getLine = async (id: number) => (await result<Line | false>('imopenlines.config.get', { CONFIG_ID: id })) || undefined

function saidOf(draft: Draft, before: Draft): Record<string, unknown> {
  const queue = draft.queue.join() !== before.queue.join() && { QUEUE: draft.queue.map(id => ({ ENTITY_TYPE: 'user', ENTITY_ID: id })) }
  return { LINE_NAME: draft.name.trim(), ACTIVE: draft.active ? 'Y' : 'N', QUEUE_TYPE: draft.kind, ...queue, ...changes(draft.settings, before.settings) }
}
export const addLine = (draft: Draft, before: Draft) => result<number>('imopenlines.config.add', { PARAMS: saidOf(draft, before) })
export const updateLine = (id: number, draft: Draft, before: Draft) => result<boolean>('imopenlines.config.update', { CONFIG_ID: id, PARAMS: saidOf(draft, before) })
export const deleteLine = (id: number) => result<boolean>('imopenlines.config.delete', { CONFIG_ID: id })

/** The dialogs that the person is in, the latest first, and what their operators are called. */
export async function listDialogs(page: number): Promise<{ dialogs: Dialog[], operators: Map<number, string>, more: boolean }> {
  const { items, hasMore } = await result<{ items: Entry[], hasMore: boolean }>('im.recent.list', { ONLY_OPENLINES: 'Y', OFFSET: (page - 1) * PAGE_SIZE, LIMIT: PAGE_SIZE })
  const dialogs = items.map(dialogOf)
  const ids = [...new Set(dialogs.map(one => one.operator).filter(id => id > 0))]
  const people = ids.length > 0 ? await byIds('user', ids.map(String)) : []
  return { dialogs, operators: new Map(people.map(one => [Number(one.id), one.name])), more: hasMore }
}

/** What operators do with a dialog. */
export type Act = 'answer' | 'skip' | 'finish' | 'another.finish' | 'spam'
export const act = (what: Act, chat: number) => result<boolean>(`imopenlines.operator.${what}`, { CHAT_ID: chat })
export const pin = (chat: number, on: boolean) => result<boolean>('imopenlines.session.mode.pin', { CHAT_ID: chat, ACTIVATE: on ? 'Y' : 'N' })
export const transfer = (chat: number, to: string) => result<boolean>('imopenlines.operator.transfer', { CHAT_ID: chat, TRANSFER_ID: to })
