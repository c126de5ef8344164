/** How a call is told to people and handed on: pure, the words are in `i18n`. */

import type { Call } from '../../api/calls'
import { type Json, toRows } from '../in-hook/rows.ts'
import { quoted } from '../deliveries/show.ts'

/** The commands of a batch, with the code of each that failed. */
export function commands(call: Pick<Call, 'method' | 'params' | 'failed'>): { name: string, command: string, error: string | undefined }[] {
  if (call.method.toLowerCase() !== 'batch' || call.params === null || Array.isArray(call.params)) return []
  const { cmd } = call.params
  if (typeof cmd !== 'object' || cmd === null) return []
  return Object.entries(cmd).map(([name, command]) => ({ name, command: String(command), error: call.failed?.[name] }))
}

/** Where the request builder of the webhook opens with this request. */
export function builder(call: Pick<Call, 'integration' | 'method' | 'params'>): string | undefined {
  if (!call.integration?.title || !call.method) return undefined
  const rows = toRows((call.params ?? {}) as { [key: string]: Json })
  const query = new URLSearchParams({ method: call.method, params: JSON.stringify(rows) })
  return `/devops/edit/in-hook/${call.integration.id}/?${query.toString()}`
}

/** The call as a command that sends the same, with the secret under asterisks. */
export function curl(call: Pick<Call, 'user_id' | 'version' | 'method' | 'params'>, portal: string): string {
  const api = call.version === 3 ? 'api/' : ''
  const url = `${portal}/rest/${api}${call.user_id ?? 0}/******/${call.method}`
  const body = JSON.stringify(call.params ?? {})
  return [`curl ${quoted(url)}`, `--header ${quoted('Content-Type: application/json')}`, `--data-raw ${quoted(body)}`].join(' \\\n  ')
}
