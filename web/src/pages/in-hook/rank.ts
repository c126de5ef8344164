// Finding a method among all of them, by its name or by words of its description.

export interface Named {
  method: string
  about: string
  scope: string | null
}

/** The best first. Without a query, and among equals, in the order given: so what still fits stays where it was while one types on. */
export function rank<T extends Named>(methods: T[], typed: string): T[] {
  const query = typed.trim().toLowerCase()
  if (query === '') return methods
  const words = query.split(/[\s.,_/-]+/).filter(Boolean)
  const scored: { one: T, score: number }[] = []
  for (const one of methods) {
    const score = scoreOf(one, query, words)
    if (score !== undefined) scored.push({ one, score })
  }
  scored.sort((a, b) => a.score - b.score)
  return scored.map(({ one }) => one)
}

/** What integrations work with most, and what is for all: the rest stands between, by name. */
const FIRST = ['crm', 'user', 'department']
/** Parts of the CRM that stand behind the kinds of records. */
const PARTS = ['item', 'activity', 'status', 'category']

/** CRM first, by its kinds of records in the order given, then users; what is open to every webhook comes last. */
export function inOrder<T extends Named>(methods: T[], kinds: string[]): T[] {
  const entities = [...kinds, ...PARTS]
  const keyed = methods.map((one, at) => ({ one, key: [scopePlace(one.scope), one.scope ?? '', entityPlace(one, entities), module(one), parts(one), at] }))
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ one }) => one)
}

/** Of which part of its scope a method is: `crm.lead` for `crm.lead.productrows.set`. */
export function module({ method }: { method: string }): string {
  const segments = method.split('.')
  return segments.length > 2 ? segments.slice(0, 2).join('.') : segments[0] ?? ''
}

function scopePlace(scope: string | null): number {
  if (scope === null) return FIRST.length + 1
  const at = FIRST.indexOf(scope)
  return at < 0 ? FIRST.length : at
}

function entityPlace(one: Named, entities: string[]): number {
  if (one.scope !== 'crm') return 0
  const at = entities.indexOf(one.method.split('.')[1] ?? '')
  return at < 0 ? entities.length : at
}

function compare(a: (string | number)[], b: (string | number)[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}

/** Lower is better; undefined is no match at all. */
function scoreOf(one: Named, query: string, words: string[]): number | undefined {
  const name = one.method.toLowerCase()
  if (name === query) return 0
  if (name.startsWith(query) || startsParts(name, words)) return 1
  if (name.includes(query)) return 2
  if (words.length === 0) return undefined
  const rest = words.filter(word => !name.includes(word))
  if (rest.length === 0) return 2
  const text = `${one.about} ${one.scope ?? ''}`.toLowerCase()
  return rest.every(word => text.includes(word)) ? 2 + rest.length : undefined
}

/** Whether the words begin parts of the name, in this order: `contact list` and `crm.contact.list`. */
function startsParts(name: string, words: string[]): boolean {
  const segments = name.split('.')
  let at = 0
  for (const word of words) {
    while (at < segments.length && !segments[at]?.startsWith(word)) at += 1
    if (at === segments.length) return false
    at += 1
  }
  return words.length > 0
}

function parts(one: Named): number {
  return one.method.split('.').length
}
