// The retry schedule of an outbound webhook: as the server spells it, and as people choose it.

export type Profile = 'default' | 'once' | 'own'

/** What "default" stands for, in seconds. */
export const USUAL = [5, 60, 300, 1800, 7200, 21600, 43200, 64800, 86400, 86400]
const LONGEST = 7 * 86400
const MOST = 20
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 }

export function profile(retries: string): Profile {
  const text = retries.trim()
  if (text === '' || text === 'default') return 'default'
  return text === 'once' ? 'once' : 'own'
}

/** Seconds before the second, third, .. try, or nothing when the text is no schedule. */
export function delays(retries: string): number[] | undefined {
  const kind = profile(retries)
  if (kind === 'default') return USUAL
  if (kind === 'once') return []
  const read = retries.split(',').map(part => seconds(part.trim()))
  const good = read.filter((one): one is number => one !== undefined && one <= LONGEST)
  return good.length === read.length && good.length <= MOST ? good : undefined
}

function seconds(text: string): number | undefined {
  const found = /^(\d{1,9})\s*([smhd])$/.exec(text)
  return found ? Number(found[1]) * (UNITS[found[2] ?? ''] ?? 0) : undefined
}

/** A delay in its largest whole unit: 90 is 90 seconds, 120 is 2 minutes. */
export function unit(delay: number): { value: number, unit: 'second' | 'minute' | 'hour' | 'day' } {
  if (delay > 0 && delay % 86400 === 0) return { value: delay / 86400, unit: 'day' }
  if (delay > 0 && delay % 3600 === 0) return { value: delay / 3600, unit: 'hour' }
  if (delay > 0 && delay % 60 === 0) return { value: delay / 60, unit: 'minute' }
  return { value: delay, unit: 'second' }
}

/** `60s,120s` from the server as `1m,2m` for people. */
export function shorten(retries: string): string {
  const read = profile(retries) === 'own' ? delays(retries) : undefined
  return read ? read.map(delay => { const { value, unit: of } = unit(delay); return `${value}${of[0]}` }).join(',') : retries
}
