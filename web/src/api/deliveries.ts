/** The log of deliveries: what was sent to handlers, and sending it again. */
import { api, type Query } from './client'

/** Where a delivery stands. */
export type State = 'waiting' | 'sending' | 'delivered' | 'failed' | 'held' | 'cancelled'

/** One try. Times in milliseconds; `status` is `null` when no answer came, then `error` says why. */
export interface Try {
  number: number
  started: string
  took_ms: number
  status: number | null
  error: string | null
  answer: string | null
  /** The headers of the answer; those with secrets are masked. */
  headers: [string, string][]
}

/** What somebody did to a delivery; `by` is `null` for the command line. */
export interface Action {
  action: 'replayed' | 'cancelled' | 'forwarded'
  at: string
  by: { id: number; name: string } | null
  host?: string
  with_secrets?: boolean
  status?: number | null
  error?: string | null
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
  actions: Action[]
  /** Whether this user may send the webhook's own secrets to another address. */
  may_send_secrets: boolean
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

/** A bar of the strip: what the list finds that was raised from `from` on and before `to`. `open` waits, is being sent or held. */
export interface Bar {
  from: string
  to: string
  delivered: number
  failed: number
  cancelled: number
  open: number
  complete: boolean
}

/** The bars, the oldest first; those before `counted_from` are not complete, since counting takes too long. */
export interface Strip {
  bars: Bar[]
  counted_from: string | null
}

const PATH = '/api/deliveries'

/** Where the list is told of changes: server-sent events `deliveries`, each with the first page. */
export const STREAM = `${PATH}/stream`

export const listDeliveries = (query: Query, signal?: AbortSignal) => api.get<Page>(PATH, query, signal)

export const oneDelivery = (id: number, signal?: AbortSignal) => api.get<Full>(`${PATH}/${id}`, {}, signal)

export const deliveriesStrip = (query: Query, signal?: AbortSignal) => api.get<Strip>(`${PATH}/summary`, query, signal)

export const replayDelivery = (id: number) => api.post<{ replayed: number }>(`${PATH}/${id}/replay`)

export const cancelDelivery = (id: number) => api.post<{ cancelled: number }>(`${PATH}/${id}/cancel`)

/** What came of a delivery at another address; with the token and the key that were made for it. */
export interface Forwarded extends Try {
  application_token: string | null
  signing_secret: string | null
}

/** Sends one once to another address; with `secrets` as its own handler would get it. */
export const forwardDelivery = (id: number, url: string, secrets: boolean) =>
  api.post<Forwarded>(`${PATH}/${id}/forward`, { url, secrets })

/** What to send again or to cancel: what a filter finds, older than `before`, or these alone. */
export interface Wanted {
  ids?: number[]
  integration?: number
  event?: string
  state?: string
  status?: string
  object?: string
  search?: string
  since?: string
  until?: string
  before?: number
}

/** Where there is `more`, the same request with that `before` goes on. What is being sent is left out. */
export const replayDeliveries = (wanted: Wanted) =>
  api.post<{ replayed: number, more: boolean, before: number | null }>(`${PATH}/replay`, wanted)

/** The same for cancelling: of what waits, or of what is held where the filter asks for that. */
export const cancelDeliveries = (wanted: Wanted) =>
  api.post<{ cancelled: number, more: boolean, before: number | null }>(`${PATH}/cancel`, wanted)
