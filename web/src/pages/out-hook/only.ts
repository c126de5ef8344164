// "Only when these fields changed": the fields of an event, one of which an update must change to be sent.

export interface EventField { name: string, title: string }

/** The fields that events tell of, by event; an event that is not here is sent always. */
export type EventFields = { [event: string]: EventField[] }

/** The chosen fields by event. */
export type Only = { [event: string]: string[] }

/** What is saved: nothing for events that are not sent or of which nothing is chosen. */
export function kept(only: Only, events: string[]): Only {
  const chosen = Object.entries(only).filter(([event, fields]) => events.includes(event) && fields.length > 0)
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)).map(([event, fields]) => [event, [...fields].sort()]))
}

/** The choice with a field more, or without one that is in it. */
export function toggled(only: Only, event: string, field: string): Only {
  const before = only[event] ?? []
  return { ...only, [event]: before.includes(field) ? before.filter(name => name !== field) : [...before, field] }
}

/** An example of what an update of an event names as changed. */
export function exampleOf(only: Only, event: string, fields: EventFields): string[] {
  const first = only[event]?.[0] ?? fields[event]?.[0]?.name
  return first === undefined ? [] : [first]
}
