// Settings as they are typed, and what of it is to be sent.
import type { Setting, SettingValue } from '@/api/portal'

/** A setting as text: networks one in a line. */
export function asText(value: SettingValue): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '')
}

/** The text as the server wants it; nothing means the default. */
export function asValue(setting: Setting, text: string): SettingValue {
  const trimmed = text.trim()
  if (setting.kind === 'networks') {
    const networks = trimmed.split(/[\s,]+/).filter(Boolean)
    return networks.length > 0 || setting.source === 'console' ? networks : null
  }
  if (trimmed === '') return null
  return setting.kind === 'number' ? Number(trimmed) : trimmed
}

/** What differs from what the server said. */
export function changesOf(settings: Setting[], typed: Record<string, string>): Record<string, SettingValue> {
  const differing = settings.filter(one => one.source !== 'flag' && typed[one.name] !== undefined && typed[one.name]!.trim() !== asText(one.value).trim())
  return Object.fromEntries(differing.map(one => [one.name, asValue(one, typed[one.name]!)]))
}
