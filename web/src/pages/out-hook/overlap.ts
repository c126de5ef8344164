// For how long old secrets hold beside new ones.
import { language, t } from '@/i18n'

const HOURS = [0, 1, 24, 72, 168]

/** Choices from none to a week, the usual one among them. */
export function overlaps(usual: number): { value: string, label: string }[] {
  const hours = [...new Set([...HOURS, usual])].sort((a, b) => a - b)
  return hours.map(each => ({ value: `${each}h`, label: each === 0 ? t('out-hook.overlapNone') : words(each) }))
}

function words(hours: number): string {
  const [value, unit] = hours > 24 && hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return new Intl.NumberFormat(language.value, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(value as number)
}
