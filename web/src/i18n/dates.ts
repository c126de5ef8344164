// Moments come as ISO 8601; they are shown in the zone of the user's profile, else of the browser.
import { language } from '.'
import { user } from '../api/session'

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
export const zone = (): string => user.value?.time_zone || browserZone()

/** The browser's own variety of the language: 23 Nov in Britain, Nov 23 in America. */
export const locale = () => navigator.languages.find(one => one.startsWith(language.value)) ?? language.value

const format = (iso: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }).format(new Date(iso))

/** 23 Nov 2026, 19:35 */
export const dateTime = (iso: string) => format(iso, { dateStyle: 'medium', timeStyle: 'short' })
/** With seconds, for logs. */
export const exactTime = (iso: string) => format(iso, { dateStyle: 'medium', timeStyle: 'medium' })
export const date = (iso: string) => format(iso, { dateStyle: 'medium' })
export const time = (iso: string) => format(iso, { timeStyle: 'short' })

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]]

/** `2 minutes ago`; from a week on the date. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000)
  if (Math.abs(seconds) > 7 * 86400) return date(iso)
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}
