// Finding a method among all of them, by its name or by words of its description.

export interface Named {
  method: string
  about: string
  scope: string | null
}

/** The best first, at most `most`. Without a query, in the order given. */
export function rank<T extends Named>(methods: T[], typed: string, most = 50): T[] {
  const query = typed.trim().toLowerCase()
  if (query === '') return methods.slice(0, most)
  const words = query.split(/[\s.,_/-]+/).filter(Boolean)
  const scored: { one: T, score: number }[] = []
  for (const one of methods) {
    const score = scoreOf(one, query, words)
    if (score !== undefined) scored.push({ one, score })
  }
  scored.sort((a, b) => a.score - b.score || parts(a.one) - parts(b.one) || order(a.one, b.one))
  return scored.slice(0, most).map(({ one }) => one)
}

/** Lower is better; undefined is no match at all. */
function scoreOf(one: Named, query: string, words: string[]): number | undefined {
  const name = one.method.toLowerCase()
  if (name === query) return 0
  if (name.startsWith(query)) return 1
  if (startsParts(name, words)) return 2
  if (name.includes(query)) return 3
  if (words.length === 0) return undefined
  const rest = words.filter(word => !name.includes(word))
  if (rest.length === 0) return 4
  const text = `${one.about} ${one.scope ?? ''}`.toLowerCase()
  if (!rest.every(word => text.includes(word))) return undefined
  return 5 + rest.length
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

function order(a: Named, b: Named): number {
  return a.method.length - b.method.length || (a.method < b.method ? -1 : 1)
}
