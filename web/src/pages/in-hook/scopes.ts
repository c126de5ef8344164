// Permissions: what each of them opens, and which a method needs.

export interface Opened {
  method: string
  scope: string | null
  writes: boolean
}

/** Scopes that open the reading methods of `user` only (protocol 7.3). */
const REDUCED = ['user_basic', 'user_brief']

export function isOpen(method: Opened, scopes: string[]): boolean {
  if (method.scope === null || scopes.includes(method.scope)) return true
  return method.scope === 'user' && !method.writes && REDUCED.some(scope => scopes.includes(scope))
}

/** How many methods a scope opens by itself. */
export function counts(methods: Opened[], scope: string): { reads: number, writes: number } {
  const opened = methods.filter(method => method.scope !== null && isOpen(method, [scope]))
  const writes = opened.filter(method => method.writes).length
  return { reads: opened.length - writes, writes }
}

/** The names of the methods that a scope opens. */
export function opens(methods: Opened[], scope: string): string[] {
  return methods.filter(method => method.scope !== null && isOpen(method, [scope])).map(method => method.method)
}

/** The least that lets these methods be called. */
export function needed(methods: Opened[]): string[] {
  return [...new Set(methods.map(method => method.scope).filter(scope => scope !== null))].sort()
}

/** `a, b` without what was there twice, in the order of the catalogue where it is known. */
export function sorted(scopes: string[], known: string[]): string[] {
  const place = (scope: string) => {
    const at = known.indexOf(scope)
    return at < 0 ? known.length : at
  }
  return [...new Set(scopes)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

/** Those that CRM and people need first, then by title; those that open nothing here last. */
export function inOrder<S extends { code: string, title: string }>(scopes: S[], opened: (code: string) => number): S[] {
  const first = ['crm', 'user', 'user_basic', 'user_brief', 'department']
  const place = ({ code }: S) => (opened(code) === 0 ? first.length + 1 : first.includes(code) ? first.indexOf(code) : first.length)
  return [...scopes].sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title))
}
