// What a handler gets: the body of a delivery, as protocol 9.2 has it.

import type { Json } from '../in-hook/rows.ts'

export interface Sender {
  baseUrl: string
  token: string
}

/** Stand-ins for what only the server knows. */
const MEMBER = '0123456789abcdef0123456789abcdef'

export type Pair = [name: string, value: string]

export function pairs(event: { name: string, data: Json }, handlerId: number, seconds: number, sender: Sender): Pair[] {
  const endpoint = `${sender.baseUrl}/rest/`
  return [
    ['event', event.name],
    ['event_handler_id', String(handlerId)],
    ...members('data', event.data),
    ['ts', String(seconds)],
    ['auth[domain]', sender.baseUrl.replace(/^https?:\/\//, '')],
    ['auth[client_endpoint]', endpoint],
    ['auth[server_endpoint]', endpoint],
    ['auth[member_id]', MEMBER],
    ['auth[application_token]', sender.token]
  ]
}

/** As PHP's http_build_query: nothing for null and empty lists, 1 and 0 for flags. */
function members(name: string, value: Json): Pair[] {
  if (value === null) return []
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, inner]) => members(`${name}[${key}]`, inner))
  return [[name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)]]
}

/** In the spelling of a form: a space is `+`. */
export function encode(all: Pair[]): string {
  const escape = (text: string) => encodeURIComponent(text)
    .replace(/[!'()*~]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+')
  return all.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&')
}

/** The same delivery as a command of the shell. */
export function curl(url: string, all: Pair[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  return [`curl ${quote(url)}`, "--user-agent 'Bitrix24 Webhook Engine'", `--data-raw ${quote(encode(all))}`].join(' \\\n  ')
}
