// Events of an outbound webhook: found by words, grouped by what they tell of.

export interface Event {
  name: string
  scope: string
  about: string
}

export interface Group<T extends Event> {
  /** The module, as its scope is called. */
  scope: string
  events: T[]
}

/** The events whose name or description has all the words, in groups by module. */
export function groups<T extends Event>(events: T[], typed: string): Group<T>[] {
  const words = typed.toLowerCase().split(/[\s,]+/).filter(Boolean)
  const found = events.filter(event => {
    const text = `${event.name} ${event.about} ${event.scope}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
  const out: Group<T>[] = []
  for (const event of found) {
    const group = out.find(one => one.scope === event.scope)
    if (group) group.events.push(event)
    else out.push({ scope: event.scope, events: [event] })
  }
  return out
}

export type Ticked = 'all' | 'some' | 'none'

export function ticked(group: Event[], chosen: string[]): Ticked {
  const count = group.filter(event => chosen.includes(event.name)).length
  if (count === 0) return 'none'
  return count === group.length ? 'all' : 'some'
}

/** All of a group when not all were chosen, none when they were; the order of `all` is kept. */
export function toggle(group: Event[], chosen: string[], all: Event[]): string[] {
  const names = group.map(event => event.name)
  const rest = chosen.filter(name => !names.includes(name))
  return inOrder(ticked(group, chosen) === 'all' ? rest : [...rest, ...names], all)
}

export function inOrder(chosen: string[], all: Event[]): string[] {
  const known = all.map(event => event.name).filter(name => chosen.includes(name))
  return [...known, ...chosen.filter(name => !known.includes(name))]
}
