/** What the deliveries list is narrowed by. It lives in the address, so that Back works and links can be shared. */

import type { Wanted } from '../../api/deliveries'

/** The names in the address, which are those of the interface. */
export const NAMES = ['integration', 'event', 'state', 'status', 'object', 'search', 'since', 'until'] as const

export type Name = (typeof NAMES)[number]

/** A filter: what is missing does not matter. */
export type Filter = Partial<Record<Name, string>>

/**
 * What typed words ask for: an event by its whole name, an object as people write it: `lead:17`, `Lead 17`, `сделка №5`, or
 * whatever has these words in it. `words` are what the types are called.
 */
export function sought(text: string, words: Record<string, string>): Filter {
  const typed = text.trim()
  if (/^on[a-z]+$/i.test(typed)) return { event: typed.toUpperCase() }
  const [, word = '', id = ''] = /^(\S.*?)[\s:#№]+(\d+)$/.exec(typed) ?? []
  const type = Object.keys(words).find(one => [one, words[one]?.toLowerCase()].includes(word.toLowerCase()))
  return type ? { object: `${type}:${id}` } : { search: typed }
}

/** The classes of answers; `none` is no answer at all. */
export const STATUSES = ['2xx', '3xx', '4xx', '5xx', 'none'] as const

/** What an address says; names that are not ours and empty values are left out. */
export function read(query: Record<string, unknown>): Filter {
  const filter: Filter = {}
  for (const name of NAMES) {
    const value = query[name]
    if (typeof value === 'string' && value.trim() !== '') filter[name] = value.trim()
  }
  return filter
}

/** The filter as a query of the interface, with what else is given (`before`, `limit`). */
export function query(filter: Filter, more: Record<string, string | number | null> = {}): string {
  const said = new URLSearchParams()
  for (const [name, value] of [...Object.entries(filter), ...Object.entries(more)]) {
    if (value !== null && value !== undefined && value !== '') said.set(name, String(value))
  }
  return said.toString()
}

/** The filter as the body of a request to send again or to cancel. */
export function wantedOf({ integration, ...rest }: Filter): Wanted {
  return integration === undefined ? rest : { ...rest, integration: Number(integration) }
}

/** Whether anything is narrowed. */
export function narrows(filter: Filter): boolean {
  return Object.values(filter).some(value => value !== undefined && value !== '')
}
