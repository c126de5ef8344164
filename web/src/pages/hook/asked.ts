// A request that a link to the editor of a webhook brings along.
import type { Row } from '../in-hook/rows'

/** `method` is empty where none is asked for, and `events` is what a new webhook is to listen to. */
export interface Asked { method: string, rows: Row[], events: string[] }

/** What the address asks for; nothing when it names no method and no event. Parameters that cannot be read are left out. */
export function asked(query: { [name: string]: unknown }): Asked | undefined {
  const method = typeof query.method === 'string' ? query.method : ''
  const events = typeof query.event === 'string' && query.event !== '' ? query.event.toUpperCase().split(',') : []
  return method || events.length ? { method, rows: method ? pairs(query.params) : [], events } : undefined
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
