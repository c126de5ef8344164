// Departments, through the REST methods: what is seen here is what a webhook sees.
import { call } from '@/api'

/** `row` is what `department.get` gave. */
export interface Department { id: number, name: string, parent: number | undefined, sort: number, head: number | undefined, row: Row }

export interface Row { ID: string | number, NAME: string, PARENT?: string | number, SORT?: string | number, UF_HEAD?: string | number }

/** All of them, page by page. */
export async function listDepartments(): Promise<Department[]> {
  const rows: Row[] = []
  for (let start: number | undefined = 0; start !== undefined;) {
    const page: { result: Row[], next?: number } = await call<Row[]>('department.get', { start })
    rows.push(...page.result)
    start = page.next
  }
  const id = (value: string | number | undefined) => Number(value) || undefined
  return rows.map(row => ({ id: Number(row.ID), name: row.NAME, parent: id(row.PARENT), sort: Number(row.SORT ?? 500), head: id(row.UF_HEAD), row }))
}

export interface Branch { depth: number, position: number, siblings: number, children: number[] }

/** The tree from top to bottom, without what lies below a closed department. */
export function visible<D extends Department>(all: D[], open: (id: number) => boolean): (D & Branch)[] {
  const known = new Set(all.map(one => one.id))
  const below = (parent: number | undefined) => all
    .filter(one => (one.parent !== undefined && known.has(one.parent) ? one.parent : undefined) === parent)
    .sort((a, b) => a.sort - b.sort || a.id - b.id)
  const walk = (parent: number | undefined, depth: number): (D & Branch)[] => below(parent).flatMap((one, index, siblings) => {
    const children = below(one.id).map(child => child.id)
    const node = { ...one, depth, position: index + 1, siblings: siblings.length, children }
    return [node, ...(open(one.id) ? walk(one.id, depth + 1) : [])]
  })
  return walk(undefined, 1)
}

/** Where a department can be moved: anywhere but to itself and below itself. */
export function possibleParents(all: Department[], id: number): Department[] {
  const inside = new Set([id])
  for (let size = 0; size !== inside.size;) {
    size = inside.size
    for (const one of all) if (one.parent !== undefined && inside.has(one.parent)) inside.add(one.id)
  }
  return all.filter(one => !inside.has(one.id))
}

/** Those whose names have a text, with everything above them, so that it is seen where they are. */
export function withText<D extends Department>(all: D[], text: string): D[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return all
  const byId = new Map(all.map(one => [one.id, one]))
  const kept = new Set<number>()
  for (const found of all.filter(one => one.name.toLowerCase().includes(wanted))) {
    for (let at: D | undefined = found; at && !kept.has(at.id); at = at.parent === undefined ? undefined : byId.get(at.parent)) kept.add(at.id)
  }
  return all.filter(one => kept.has(one.id))
}

/** The names above a department, the topmost first. */
export function pathTo(all: Department[], id: number): string[] {
  const byId = new Map(all.map(one => [one.id, one]))
  const names: string[] = []
  for (let at = byId.get(byId.get(id)?.parent ?? 0); at && names.length < all.length; at = byId.get(at.parent ?? 0)) names.unshift(at.name)
  return names
}
