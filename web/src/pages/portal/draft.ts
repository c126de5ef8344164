// Settings as they are typed, and what of it is to be sent.
import type { Setting, SettingValue } from '@/api/portal'

/** A setting as text: networks one in a line. */
export function asText(value: SettingValue): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '')
}

/** The text as the server wants it; nothing means the default. */
export function asValue(setting: Setting, text: string): SettingValue {
  const trimmed = text.trim()
  if (setting.kind === 'networks' || setting.kind === 'addresses') {
    const list = trimmed.split(/[\s,]+/).filter(Boolean)
    return list.length > 0 || setting.source === 'console' ? list : null
  }
  if (trimmed === '') return null
  return setting.kind === 'number' ? Number(trimmed) : trimmed
}

/** Settings that belong together, in the order in which they came. */
export function groupsOf(settings: Setting[]): { code: 'portal' | 'alert' | 'smtp', settings: Setting[] }[] {
  const of = (code: 'alert' | 'smtp') => settings.filter(one => one.name.startsWith(`${code}_`))
  const portal = settings.filter(one => !/^(alert|smtp)_/.test(one.name))
  const groups = [{ code: 'portal' as const, settings: portal }, { code: 'alert' as const, settings: of('alert') }, { code: 'smtp' as const, settings: of('smtp') }]
  return groups.filter(group => group.settings.length > 0)
}

/** What differs from what the server said. */
export function changesOf(settings: Setting[], typed: Record<string, string>): Record<string, SettingValue> {
  const differing = settings.filter(one => one.source !== 'flag' && typed[one.name] !== undefined && typed[one.name]!.trim() !== asText(one.value).trim())
  return Object.fromEntries(differing.map(one => [one.name, asValue(one, typed[one.name]!)]))
}
