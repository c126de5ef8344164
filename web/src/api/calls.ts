/** The log of calls: what came through the door, refused or not. */
import { api, type Query } from './client'

/** A call; times are ISO 8601. */
export interface Call {
  id: number
  at: string
  took_ms: number
  /** The webhook's integration; `null` where the webhook was not recognised. No title where it was deleted. */
  integration: { id: number; title: string | null } | null
  user_id: number | null
  address: string
  /** Of the protocol: 2 or 3. */
  version: number
  /** Empty where the path named none. */
  method: string
  /** With secrets masked and long values cut. */
  params: Record<string, unknown> | unknown[] | null
  status: number
  /** Code and words of a refusal. */
  error: string | null
  message: string | null
  /** What to do about it. */
  advice: string | null
  /** The commands of a batch that failed, with their codes. */
  failed: Record<string, string> | null
  size: number
  /** The deliveries that it caused. */
  deliveries: number[]
  /** The fault rule that hit it. */
  fault_rule: number | null
}

/** A page of the log; `before` is where the next one begins, `null` on the last. `missed` were too many at once to be logged. */
export interface Page {
  calls: Call[]
  before: number | null
  missed: number
}

const PATH = '/api/calls'

/** Where the list is told of changes: server-sent events `calls`, each with the first page. */
export const STREAM = `${PATH}/stream`

export const listCalls = (query: Query, signal?: AbortSignal) => api.get<Page>(PATH, query, signal)

export const oneCall = (id: number, signal?: AbortSignal) => api.get<Call>(`${PATH}/${id}`, {}, signal)
