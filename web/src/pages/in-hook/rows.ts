// Parameters as rows of a table and as JSON. Names are PHP's, as the server reads them (protocol 1.5):
// `fields[PHONE][0][VALUE]`, `select[]`.

export type Row = [name: string, value: string]
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** `fields[PHONE][0]` as `['fields', 'PHONE', '0']`; an empty key means "the next one". */
export function path(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0) return [name]
  const keys = [name.slice(0, open)]
  let at = open
  while (name[at] === '[') {
    const close = name.indexOf(']', at)
    if (close < 0) return keys.length > 1 ? keys : [name]
    keys.push(name.slice(at + 1, close))
    at = close + 1
  }
  return keys
}

/** The opposite of `path`. */
export function nameOf(keys: string[]): string {
  const [head = '', ...rest] = keys
  return head + rest.map(key => `[${key}]`).join('')
}

type Node = Map<string, Node | string>

function put(node: Node, keys: string[], value: string): void {
  const [head = '', ...rest] = keys
  const key = head === '' ? String(nextIndex(node)) : head
  if (rest.length === 0) {
    node.set(key, value)
    return
  }
  const held = node.get(key)
  const inner: Node = held instanceof Map ? held : new Map()
  node.set(key, inner)
  put(inner, rest, value)
}

function nextIndex(node: Node): number {
  const numbers = [...node.keys()].filter(key => /^\d+$/.test(key)).map(Number)
  return numbers.length ? Math.max(...numbers) + 1 : 0
}

function plain(node: Node | string): Json {
  if (typeof node === 'string') return node
  const keys = [...node.keys()]
  const isList = keys.every((key, index) => key === String(index))
  if (isList) return [...node.values()].map(plain)
  const out: { [key: string]: Json } = {}
  // Not by assignment: `__proto__` is a name like any other here.
  for (const [key, value] of node) Object.defineProperty(out, key, { value: plain(value), enumerable: true, configurable: true, writable: true })
  return out
}

/** The object that the rows stand for, every value as text. Rows without a name count for nothing. */
export function toJson(rows: Row[]): { [key: string]: Json } {
  const root: Node = new Map()
  for (const [name, value] of rows) {
    if (name.trim() === '') continue
    const [head = '', ...rest] = path(name.trim())
    put(root, [head, ...rest], value)
  }
  const tree = plain(root)
  // Rows `0`, `1`, .. would make a list; parameters are an object all the same.
  return Array.isArray(tree) ? { ...tree } as unknown as { [key: string]: Json } : tree as { [key: string]: Json }
}

/** The rows that stand for an object. Flags become 1 and 0 as PHP writes them; what is empty leaves no row. */
export function toRows(json: Json): Row[] {
  const rows: Row[] = []
  if (json === null || typeof json !== 'object') return rows
  for (const [key, value] of Object.entries(json)) walk([key], value, rows)
  return rows
}

function walk(keys: string[], value: Json, rows: Row[]): void {
  if (value === null || typeof value !== 'object') {
    rows.push([nameOf(keys), scalar(value)])
    return
  }
  const isFlat = Array.isArray(value) && value.every(one => one === null || typeof one !== 'object')
  for (const [key, inner] of Object.entries(value)) walk([...keys, isFlat ? '' : key], inner, rows)
}

function scalar(value: null | boolean | number | string): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  return String(value)
}

/** The object that a text holds, or why it holds none. */
export function parse(text: string): { json: { [key: string]: Json } } | { error: string } {
  if (text.trim() === '') return { json: {} }
  try {
    const json: Json = JSON.parse(text)
    if (json === null || typeof json !== 'object' || Array.isArray(json)) return { error: '' }
    return { json }
  } catch (error) {
    return { error: error instanceof Error ? error.message : '' }
  }
}

/** Rows with one value set: in place where the name is there already, else at the end. */
export function withRow(rows: Row[], name: string, value: string): Row[] {
  const key = name.toLowerCase()
  const isThere = rows.some(([one]) => one.toLowerCase() === key)
  if (!isThere) return [...rows, [name, value]]
  return rows.map(row => (row[0].toLowerCase() === key ? [row[0], value] : row))
}
