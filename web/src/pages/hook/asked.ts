// A request that a link to the editor of a webhook brings along.
import type { Row } from '../in-hook/rows'

export interface Asked { method: string, rows: Row[] }

/** What the address asks for; nothing when it names no method. Parameters that cannot be read are left out. */
export function asked(query: { [name: string]: unknown }): Asked | undefined {
  const { method, params } = query
  return typeof method === 'string' && method !== '' ? { method, rows: pairs(params) } : undefined
}

function pairs(params: unknown): Row[] {
  if (typeof params !== 'string') return []
  try {
    const read: unknown = JSON.parse(params)
    return Array.isArray(read) ? read.filter(isRow) : []
  } catch {
    return []
  }
}

const isRow = (pair: unknown): pair is Row => Array.isArray(pair) && pair.length === 2 && pair.every(part => typeof part === 'string')
