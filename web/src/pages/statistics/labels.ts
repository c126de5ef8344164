// How the beginnings of bars are written, in the zone in which the portal counts.
import { locale } from '@/i18n/dates'
import type { By } from '@/api/statistics'

function written(at: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(at)
}

/** Under a bar: `23 Nov`, `19:00`. */
export function short(at: number, by: By, zone: string): string {
  return written(at, zone, by === 'day' ? { day: 'numeric', month: 'short' } : { hour: 'numeric', minute: '2-digit' })
}

/** In a sentence or a table: `Mon, 23 Nov 2026`, `23 Nov, 19:00`. */
export function long(at: number, by: By, zone: string): string {
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  return written(at, zone, by === 'day' ? day : { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })
}
