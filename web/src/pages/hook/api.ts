// What the server knows of integrations, and of all that can be called and listened to.
import { api, call, onceInLanguage, send } from '@/api'
import type { Event } from '../out-hook/events'
import type { EventFields, Only } from '../out-hook/only'
import type { Fields, Listed, Param } from '../in-hook/hints'
import type { Json, Row } from '../in-hook/rows'
import type { Body } from './draft'

export interface Method {
  method: string
  scope: string | null
  writes: boolean
  /** It takes data away, so it is asked about first. */
  destroys: boolean
  needs_application: boolean
  about: string
  params: Param[]
  examples: { params: Json, result: Json }[]
}

export interface Scope { code: string, title: string, about: string, offered: boolean }
export interface EventInfo extends Event { data: Json }
export interface Catalogue { methods: Method[], scopes: Scope[], events: EventInfo[] }

export interface Scenario {
  code: string
  kind: 'in-hook' | 'out-hook' | null
  method: string
  params: Row[]
  scopes: string[]
  events: string[]
  admin_only: boolean
  needs: null | 'application' | 'bot' | 'method'
  inbound: boolean
  outbound: boolean
}

export interface SectionInfo { code: string, scenarios: Scenario[] }

export interface Inbound {
  url: string
  scopes: string[]
  active: boolean
  expires: string | null
  networks: string[]
  read_only: boolean
  last_used: string | null
  last_address: string | null
  /** From before the owner's password was reset: it works, and is not shown. */
  hidden: boolean
}

export interface Outbound {
  id: number
  handler_url: string
  events: { name: string, event_handler_id: number }[]
  retries: string
  ordered: boolean
  active: boolean
  disabled_because: string | null
  failing_since: string | null
  /** Events that are kept while it is off. */
  held: number
  hidden: boolean
  /** Events are kept for pick-up instead of being sent. */
  pickup: boolean
  skip_own: boolean
  /** By event, the fields of which an update must change one. */
  only_fields: Only
  tell_changed: boolean
  /** Requests within a second and at once at most; null for the limits of the server. */
  rate: number | null
  concurrency: number | null
  /** Names of further headers; their values are secrets. */
  headers: string[]
  basic_user: string | null
  /** Until when the old secrets hold beside the new ones. */
  old_secrets_until: string | null
}

export interface Integration {
  id: number
  /** Tells what was seen from what was saved since. */
  version: string
  kind: 'in' | 'out' | 'both'
  scenario: string
  title: string
  comment: string
  user: { id: number, name: string }
  mine: boolean
  created: string
  query: { method: string, params: Row[] } | null
  inbound: Inbound | null
  outbound: Outbound | null
  /** Who reset the owner's password after a secret was made. */
  hidden_by: string | null
}

export interface Secrets { url?: string, application_token?: string, signing_secret?: string }
export interface ExampleFile { name: string, text: string }

export interface Delivery {
  id: number
  event: string
  object: string
  state: string
  raised: string
  attempts: number
  last_try?: Try | null
  tries?: Try[]
}

export interface Try { number: number, started: string, took_ms: number, status: number | null, error: string | null, answer: string | null }

/** They do not change while the server runs, and the browser keeps them between visits. */
export const catalogue = onceInLanguage(() => api.get<Catalogue>('/api/catalogue'))
export const scenarios = onceInLanguage(() => api.get<{ sections: SectionInfo[] }>('/api/scenarios'))

/** User fields come and go, so they are asked for each time. */
export const eventFields = () => api.get<EventFields>('/api/event-fields')

const one = (id: number) => `/api/integrations/${id}`

export const integration = (id: number) => api.get<Integration>(one(id))
export const create = (body: Body) => api.post<Integration>('/api/integrations', body)
export const update = (id: number, body: Body & { renew_secret: boolean, renew_token: boolean, overlap?: string, take_over: boolean, version?: string }) => api.put<Integration>(one(id), body)
export const remove = (id: number) => api.delete(one(id))
/** `held`: what becomes of events that were held: `send`, `drop`, or the moment since which they are sent. */
export const setActive = (id: number, to: { active: boolean, held?: string }) => api.post<Integration>(`${one(id)}/active`, to)
export const endOverlap = (id: number) => api.delete<Integration>(`${one(id)}/overlap`)
export const secrets = (id: number) => api.post<Secrets>(`${one(id)}/secrets`)
export const trial = (id: number, event: string) => api.post<{ delivery: number }>(`${one(id)}/test`, { event })

export interface Wanted { language: string, method?: string, params?: Row[], handler?: boolean, secret: boolean }
export const example = (id: number, wanted: Wanted) => api.post<{ files: ExampleFile[] }>(`${one(id)}/example`, wanted)
export const archive = async (id: number, wanted: Wanted) => (await send('POST', `${one(id)}/example/archive`, { body: wanted })).blob()

export const delivery = (id: number) => api.get<Delivery>(`/api/deliveries/${id}`)
export const recent = (id: number, limit: number) => api.get<{ deliveries: Delivery[] }>('/api/deliveries', { integration: id, limit })

/** What a courier does for it just now: requests at once now and at most, requests a second. */
export interface NodePace { here: boolean, room: number, most: number, sending: number, ready: number, rate: number, busy: boolean, paused_until: string | null }
export const pace = (id: number) => api.get<{ waiting: number, nodes: NodePace[] }>(`${one(id)}/pace`)

/** What is held of it, and how much of that was raised since a moment. */
export interface Held { held: number, since: number, first: string | null, last: string | null, dropped: number, waiting: number }
export const held = (id: number, since?: string) => api.get<Held>(`${one(id)}/held`, { since })
/** How many deliveries since a moment can be sent again: those that were given up, or all that have ended. */
export const missed = (id: number, since: string, failed: boolean) => api.get<{ count: number }>(`${one(id)}/missed`, { since, failed: String(failed) })
export const replayMissed = (id: number, wanted: { since: string, failed: boolean, after?: number, ended?: number }) =>
  api.post<{ replayed: number, after: number | null, ended: number }>(`${one(id)}/missed`, wanted)

/** How often it was called lately, as the list of integrations counts it. */
export async function callsOfLateDay(id: number): Promise<number> {
  const found = await api.get<{ integrations: { id: number, calls_24h?: number }[] }>('/api/integrations', { search: String(id), size: 200 })
  return found.integrations.find(row => row.id === id)?.calls_24h ?? 0
}

/** The fields of an entity: `crm.lead.fields` answers them plainly, `crm.item.fields` under `fields`. */
export async function fields(method: string, params: { [key: string]: Json }): Promise<Fields> {
  const { result } = await call<Fields & { fields?: Fields }>(method, params)
  return typeof result.fields === 'object' && !('type' in result.fields && typeof result.fields.type === 'string') ? result.fields : result
}

/** The entries of a dictionary, for fields that hold one of them. */
export async function dictionary(name: string): Promise<{ value: string, label: string }[]> {
  const { result } = await call<{ STATUS_ID: string, NAME: string }[]>('crm.status.list', { filter: { ENTITY_ID: name }, order: { SORT: 'ASC' } })
  return result.map(row => ({ value: row.STATUS_ID, label: row.NAME }))
}

/** The newest of something that a parameter can name by its number. */
export async function newest(what: Listed): Promise<{ value: string, label: string }[]> {
  // The first page asks for no records, and need not wait for what does.
  const { findRecords, findUsers } = await import('../crm/calls')
  const found = what === 'user' ? await findUsers('') : await findRecords(what, '')
  return found.map(one => ({ value: one.id, label: one.name }))
}
