/** Between moments and what `<input type="datetime-local">` holds, in a given zone. */

/** `2026-11-23T19:41`, or '' for what is no moment. */
export function toLocal(iso: string, zone: string): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '' : wall(at, zone)
}

/** The moment as ISO 8601 in UTC, or '' for what is none. A time that a change of the clocks leaves out is the one after it. */
export function fromLocal(text: string, zone: string): string {
  const asUtc = Date.parse(`${text}Z`)
  if (Number.isNaN(asUtc)) return ''
  // The offset at the guess is right, but next to a change of the clocks; the second guess then is.
  const first = asUtc - offset(asUtc, zone)
  const at = asUtc - offset(first, zone)
  return new Date(at).toISOString()
}

function offset(at: number, zone: string): number {
  return Date.parse(`${wall(at, zone)}Z`) - Math.floor(at / 60_000) * 60_000
}

function wall(at: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(one => [one.type, one.value]))
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`
}
