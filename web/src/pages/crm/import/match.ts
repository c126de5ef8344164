/** Which column of a file goes into which field. */

import type { Field } from '../fields'

/** The field's code of each column; empty for one that is left out. */
export type Matching = string[]

/** Fields that a file can fill. */
export function importable(fields: Field[]): Field[] {
  return fields.filter(field => !field.readOnly && field.widget !== 'file')
}

/** What was chosen for these headers before, else the field of that code or title. No field is filled twice. */
export function match(headers: string[], fields: Field[], remembered: Record<string, string>): Matching {
  const taken = new Set<string>()
  return headers.map(header => {
    const wanted = header.toLowerCase()
    const known = fields.find(field => field.code === remembered[header])
    const found = header in remembered ? known : fields.find(field => [field.code, field.name, field.title].some(name => name.toLowerCase() === wanted))
    if (found === undefined || wanted === '' || taken.has(found.code)) return ''
    taken.add(found.code)
    return found.code
  })
}

const key = (kind: string) => `portreeve-import-${kind}`

/** What was chosen before, by header. */
export function remembered(kind: string): Record<string, string> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key(kind)) ?? '{}')
    return found !== null && typeof found === 'object' ? (found as Record<string, string>) : {}
  } catch {
    return {}
  }
}

export function remember(kind: string, headers: string[], matching: Matching) {
  const chosen = Object.fromEntries(headers.map((header, at) => [header, matching[at] ?? '']))
  localStorage.setItem(key(kind), JSON.stringify({ ...remembered(kind), ...chosen }))
}
