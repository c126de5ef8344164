// What EXECUTE sends: the real address of the webhook, correctly encoded, in one of three ways.

import { type Json, type Row, toJson, toRows } from './rows.ts'

export type Way = 'get' | 'form' | 'json'
export type Format = 'json' | 'xml'

export interface Wanted {
  method: string
  rows: Row[]
  way: Way
  format: Format
  /** Parameters typed as JSON: then their types are sent as they are, where the way can carry them. */
  json?: { [key: string]: Json }
}

export interface Request {
  verb: 'GET' | 'POST'
  url: string
  type?: string
  body?: string
}

/** A name with its brackets left readable; everything else that could mean something is encoded. */
export function encodeName(name: string): string {
  return strict(name).replaceAll('%5B', '[').replaceAll('%5D', ']')
}

/** A value; what cannot be taken for anything else stays readable. */
export function encodeValue(value: string): string {
  return strict(value).replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%40', '@')
}

/** Halves of a surrogate pair. */
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function strict(text: string): string {
  // A half of a pair of surrogates cannot be encoded at all.
  return encodeURIComponent(text.replace(LONE, '\ufffd')).replaceAll("'", '%27')
}

export function query(rows: Row[]): string {
  const named = rows.filter(([name]) => name.trim() !== '')
  return named.map(([name, value]) => `${encodeName(name.trim())}=${encodeValue(value)}`).join('&')
}

/** `base` ends with a slash: `https://portal/rest/1/secret/`. */
export function address(base: string, method: string, format: Format, rows: Row[] = []): string {
  const parameters = query(rows)
  const url = `${base}${encodeURIComponent(method.trim())}.${format}`
  return parameters ? `${url}?${parameters}` : url
}

export function request(base: string, wanted: Wanted): Request {
  const { method, way, format } = wanted
  const rows = wanted.json ? toRows(wanted.json) : wanted.rows
  if (way === 'get') return { verb: 'GET', url: address(base, method, format, rows) }
  const url = address(base, method, format)
  if (way === 'form') {
    return { verb: 'POST', url, type: 'application/x-www-form-urlencoded', body: query(rows) }
  }
  return { verb: 'POST', url, type: 'application/json', body: JSON.stringify(wanted.json ?? toJson(rows)) }
}

/** The webhook's address as the browser reaches it: the page's own origin, since the policy allows no other. */
export function reachable(url: string, origin: string): string {
  return origin + new URL(url).pathname
}

/** The address with asterisks in place of the code. */
export function masked(url: string): string {
  return url.replace(/(\/rest\/\d+\/)[^/?]+/, '$1****************')
}
