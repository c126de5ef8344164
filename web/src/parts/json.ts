/** One line of a folded JSON view. */
export interface Line {
  /** `result[0].ID` — also the line's identity. */
  path: string
  depth: number
  /** The member's name, or the index in a list. */
  name?: string
  /** `{`, `[` for what can be folded; otherwise the value as JSON. */
  text: string
  kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'end'
  /** How many members are inside. */
  size?: number
  folded?: boolean
  last: boolean
}

const join = (path: string, name: string | number) => typeof name === 'number' ? `${path}[${name}]` : path ? `${path}.${name}` : name

function kindOf(value: unknown): Line['kind'] {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as Line['kind']
}

/** The lines of a value, without those inside of what is folded. */
export function lines(value: unknown, isFolded: (path: string, depth: number, size: number) => boolean): Line[] {
  const out: Line[] = []
  function walk(one: unknown, path: string, depth: number, name: string | undefined, last: boolean) {
    const kind = kindOf(one)
    if (kind !== 'object' && kind !== 'array') {
      out.push({ path, depth, name, text: JSON.stringify(one) ?? 'null', kind, last })
      return
    }
    const members: [string | number, unknown][] = kind === 'array' ? (one as unknown[]).map((item, index) => [index, item]) : Object.entries(one as object)
    const [open, end] = kind === 'array' ? ['[', ']'] : ['{', '}']
    const folded = members.length > 0 && isFolded(path, depth, members.length)
    if (members.length === 0 || folded) {
      out.push({ path, depth, name, text: members.length === 0 ? open + end : open, kind, size: members.length, folded, last })
      return
    }
    out.push({ path, depth, name, text: open, kind, size: members.length, folded: false, last })
    members.forEach(([key, item], index) => walk(item, join(path, key), depth + 1, typeof key === 'string' ? key : undefined, index === members.length - 1))
    out.push({ path: `${path}/end`, depth, text: end, kind: 'end', last })
  }
  walk(value, '', 0, undefined, true)
  return out
}

/** The paths of the members whose name or value contains a text. At most `most`. */
export function find(value: unknown, text: string, most = 500): string[] {
  const wanted = text.toLowerCase()
  const found: string[] = []
  function walk(one: unknown, path: string, name: string) {
    if (found.length >= most) return
    const leaf = one === null || typeof one !== 'object'
    if (name.toLowerCase().includes(wanted) || (leaf && String(one).toLowerCase().includes(wanted))) found.push(path)
    if (leaf) return
    for (const [key, item] of Object.entries(one)) walk(item, join(path, Array.isArray(one) ? Number(key) : key), Array.isArray(one) ? '' : key)
  }
  if (wanted) walk(value, '', '')
  return found
}

/** The paths around a path, so that what was found can be unfolded. */
export const around = (path: string): string[] =>
  [...path.matchAll(/\.|\[/g)].map(match => path.slice(0, match.index)).concat('')
