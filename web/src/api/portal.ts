// What administrators set, what was done, and the copy of everything.
import { api, download } from './client'

export type SettingValue = string | number | string[] | null
export interface Setting {
  name: string
  value: SettingValue
  default: SettingValue
  /** Given by flag or environment: it cannot be changed here. */
  source: 'flag' | 'console' | 'default'
  kind: 'url' | 'choice' | 'number' | 'networks' | 'certificates' | 'time_zone' | 'text' | 'template' | 'addresses' | 'secret'
  /** Of a secret, whether there is one. */
  set?: boolean
  choices?: string[]
  about: string
}

/** `version` tells what was seen from what was saved since. */
export interface Settings { settings: Setting[], version: string }

export const getSettings = (signal?: AbortSignal) => api.get<Settings>('/api/settings', {}, signal)
/** `null` goes back to the default. With a version, only if nothing was saved since. */
export const putSettings = (changes: Record<string, SettingValue>, version?: string) => api.put<Settings>('/api/settings', { ...changes, version })

/** The database as a file, with the name that the server gave it. */
export const downloadBackup = () => download('POST', '/api/backup', 'portreeve.db')

export interface AuditEntry {
  id: number
  at: string
  user: { id: number, name: string } | null
  address: string | null
  action: string
  /** `user:3`, `integration:12`, … */
  object: string
  detail: string
}

export const getAudit = (query: { before?: number, user?: string, action?: string }, signal?: AbortSignal) =>
  api.get<{ entries: AuditEntry[], before: number | null, actions: string[] }>('/api/audit', query, signal)
