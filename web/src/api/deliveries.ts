/** The log of deliveries: what was sent to handlers, and sending it again. */
import { api, type Query } from './client'

/** Where a delivery stands. */
export type State = 'waiting' | 'sending' | 'delivered' | 'failed' | 'held'

/** One try. Times in milliseconds; `status` is `null` when no answer came, then `error` says why. */
export interface Try {
  number: number
  started: string
  took_ms: number
  status: number | null
  error: string | null
  answer: string | null
}

/** A row of the list. `due` is set while it waits, `ended` when it does no longer; times are ISO 8601. */
export interface Delivery {
  id: number
  integration: { id: number; title: string } | null
  event: string
  object: string
  handler_host: string | null
  state: State
  raised: string
  due: string | null
  ended: string | null
  attempts: number
  /** It had to wait: there were more than 60 events a minute of its object. */
  slowed: boolean
  last_try: Try | null
}

/** What is sent, with token and signature masked; no `url` for `portreeve listen` and for a webhook that is gone. */
export interface Sent {
  method: string
  url: string | null
  headers: [string, string][]
  body: string
}

/** One delivery with all its tries. */
export interface Full extends Omit<Delivery, 'last_try'> {
  tries: Try[]
  data: unknown
  request: Sent
}

/**
 * A page of the list; `before` is where the next one begins, `null` on the last. A page may be short and yet not the
 * last: the search went back to `searched`, and goes on from there when asked.
 */
export interface Page {
  deliveries: Delivery[]
  before: number | null
  searched: string | null
}

/** The last 24 hours, oldest first, and what waits now: more than that with `more`. */
export interface Summary {
  hours: { hour: string; delivered: number; failed: number }[]
  waiting: number
  more: boolean
}

const PATH = '/api/deliveries'

/** Where the list is told of changes: server-sent events `deliveries`, each with the first page. */
export const STREAM = `${PATH}/stream`

export const listDeliveries = (query: Query, signal?: AbortSignal) => api.get<Page>(PATH, query, signal)

export const oneDelivery = (id: number, signal?: AbortSignal) => api.get<Full>(`${PATH}/${id}`, {}, signal)

export const deliveriesSummary = (signal?: AbortSignal) => api.get<Summary>(`${PATH}/summary`, {}, signal)

export const replayDelivery = (id: number) => api.post<{ replayed: number }>(`${PATH}/${id}/replay`)

/** What to send again: what a filter finds, older than `before`, or these alone. */
export interface Again {
  ids?: number[]
  integration?: number
  event?: string
  state?: string
  status?: string
  object?: string
  since?: string
  until?: string
  before?: number
}

/** Where there is `more`, the same request with that `before` goes on. What is being sent is left out. */
export const replayDeliveries = (wanted: Again) =>
  api.post<{ replayed: number, more: boolean, before: number | null }>(`${PATH}/replay`, wanted)
