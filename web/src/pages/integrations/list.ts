/** The integrations list: what a deletion breaks, and what may stand in its address. Pure. */

import type { Integration } from '../../api/integrations'

/** What it can be narrowed by, by the names in the address and in the interface. */
export const FACETS = ['search', 'kind', 'state', 'user', 'scope', 'event'] as const

/**
 * A search as it may get into the address, which the browser remembers: `null` when it holds a webhook's secret,
 * be it the whole URL or the bare code.
 */
export function harmless(search: string): string | null {
  if (/\/rest\/\d+\/[0-9a-z]{16}/i.test(search)) return null
  return /^(?=.*\d)[0-9a-z]{16}$/i.test(search.trim()) ? null : search.trim()
}

/** What stops working when these are deleted. */
export interface Effect {
  count: number
  handlers: number
  calls: number
}

/** Sums up what a deletion takes away. */
export function effect(rows: Pick<Integration, 'kind' | 'calls_24h'>[]): Effect {
  const handlers = rows.filter(row => row.kind !== 'in').length
  return { count: rows.length, handlers, calls: rows.reduce((all, row) => all + row.calls_24h, 0) }
}

/** The editor of an integration: the inbound one when it has an inbound part. */
export function editor(row: Pick<Integration, 'id' | 'kind'>): string {
  return `/devops/edit/${row.kind === 'out' ? 'out-hook' : 'in-hook'}/${row.id}/`
}

/** The first few of a list, and how many are left; a single one is never left. */
export function first<T>(list: T[], most: number): { shown: T[], left: number } {
  return list.length <= most + 1 ? { shown: list, left: 0 } : { shown: list.slice(0, most), left: list.length - most }
}

type Counted = Pick<Integration, 'kind' | 'state' | 'errors_24h' | 'failed_24h'>

/** What went wrong in a day: refused calls and deliveries that failed. */
export function failures(row: Counted): number {
  return (row.kind === 'out' ? 0 : row.errors_24h) + (row.kind === 'in' ? 0 : row.failed_24h)
}

/** One that is switched on and whose deliveries fail. A refused call is the caller's matter, and no failure of the webhook. */
export function fails(row: Counted): boolean {
  return row.state === 'active' && row.kind !== 'in' && row.failed_24h > 0
}
