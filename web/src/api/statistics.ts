/** What was called and delivered, counted by hours (protocol 11.8). */
import { api } from './client'

/** An integration as counted rows name it; one that was deleted has no title any more. */
export interface Named {
  id: number
  title: string | null
}

/** What is counted: calls of inbound webhooks, or deliveries of outbound ones. */
export type Kind = 'calls' | 'deliveries'

/** The width of a bar. */
export type By = 'day' | 'hour'

/**
 * What one integration did in one day or hour; without one, all that are not among the busiest. `at` is the beginning,
 * ISO 8601 with offset; days are those of the portal's clocks.
 */
export interface UsageRow {
  at: string
  integration: Named | null
  calls: number
  errors: number
  deliveries: number
  failed: number
}

/** How often a method was called or an event sent. */
export interface MethodRow {
  name: string
  kind: 'call' | 'delivery'
  calls: number
  errors: number
}

/** Which days, and of which integration. Times are ISO 8601, `to` is not in it. */
export interface Span {
  from: string
  to: string
  integration?: string
}

export const usage = (span: Span & { by: By, kind: Kind, top?: number }, signal?: AbortSignal) =>
  api.get<{ rows: UsageRow[] }>('/api/statistics', { ...span }, signal)

export const usageByMethod = (span: Span, signal?: AbortSignal) =>
  api.get<{ rows: MethodRow[] }>('/api/statistics/methods', { ...span }, signal)
