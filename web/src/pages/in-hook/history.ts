// The last calls from the request builder, for as long as the tab lives. No code of a webhook is kept.

import type { Format, Way } from './request.ts'
import type { Row } from './rows.ts'

export interface Past {
  at: string
  method: string
  rows: Row[]
  way: Way
  format: Format
  status: number
  error?: string
  took: number
}

const MOST = 20
/** Larger parameters are not worth keeping: the storage is small. */
const LONGEST = 20_000

export function withPast(past: Past[], fresh: Past): Past[] {
  if (JSON.stringify(fresh.rows).length > LONGEST) return past
  return [fresh, ...past].slice(0, MOST)
}

const key = (user: number, integration: number) => `portreeve-calls-${user}-${integration}`

export function recall(storage: Storage, user: number, integration: number): Past[] {
  try {
    const found: unknown = JSON.parse(storage.getItem(key(user, integration)) ?? '[]')
    return Array.isArray(found) ? found as Past[] : []
  } catch {
    return []
  }
}

export function keep(storage: Storage, user: number, integration: number, past: Past[]): void {
  try {
    storage.setItem(key(user, integration), JSON.stringify(past))
  } catch {
    // A full storage is no reason to fail a call that went well.
  }
}
