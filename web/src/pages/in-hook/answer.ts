// Reading what came back: how much there is, what an error means, where the next page begins.

export interface Answer {
  status: number
  /** Milliseconds until the whole body was there. */
  took: number
  bytes: number
  headers: [string, string][]
  text: string
}

export interface Reading {
  /** Set where the body is JSON. */
  json?: unknown
  /** The protocol's error code; it may be empty (protocol 3.1). */
  error?: { code: string, text: string }
  page?: { rows?: number, total: number, next?: number }
}

export function read(answer: Answer): Reading {
  const json = parsed(answer)
  if (json === undefined) return {}
  if (!isObject(json)) return { json }
  if ('error' in json) return { json, error: { code: String(json.error ?? ''), text: String(json.error_description ?? '') } }
  const page = pageOf(json)
  return page ? { json, page } : { json }
}

function parsed(answer: Answer): unknown {
  const type = answer.headers.find(([name]) => name === 'content-type')?.[1] ?? ''
  if (!type.includes('json')) return undefined
  try {
    return JSON.parse(answer.text)
  } catch {
    return undefined
  }
}

function pageOf(json: Record<string, unknown>): Reading['page'] {
  const { total, next, result } = json
  if (typeof total !== 'number') return undefined
  const rows = rowsOf(result)
  return { total, ...(typeof next === 'number' ? { next } : {}), ...(rows === undefined ? {} : { rows }) }
}

/** Rows of a list: `result` itself, or the one list in it (`{"items": [..]}`). */
function rowsOf(result: unknown): number | undefined {
  if (Array.isArray(result)) return result.length
  if (!isObject(result)) return undefined
  const lists = Object.values(result).filter(Array.isArray)
  return lists.length === 1 ? lists[0]?.length : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Codes that have an explanation among the texts, under `hook.note.<code>`. */
const EXPLAINED = ['insufficient_scope', 'INVALID_CREDENTIALS', 'authorization_error', 'NO_AUTH_FOUND', 'QUERY_LIMIT_EXCEEDED',
  'OPERATION_TIME_LIMIT', 'ERROR_METHOD_NOT_FOUND', 'WRONG_AUTH_TYPE', 'INVALID_REQUEST', 'OVERLOAD_LIMIT', 'ERROR_ARGUMENT'] as const

export type Note = (typeof EXPLAINED)[number] | 'application' | 'licence' | 'denied' | 'parameters'

/** Which explanation an error gets, if any. */
export function note(error: { code: string, text: string }): Note | undefined {
  if (error.code === 'ACCESS_DENIED') {
    if (/application context/i.test(error.text)) return 'application'
    return /subscription|commercial|licen[cs]e/i.test(error.text) ? 'licence' : 'denied'
  }
  // Families of methods tell of a parameter in their own way (protocol 3.6, 3.7).
  if (error.code === '100' || (error.code === '' && /not defined or invalid|must be array/i.test(error.text))) return 'parameters'
  if (error.code === '' && /access denied/i.test(error.text)) return 'denied'
  return EXPLAINED.find(code => code === error.code)
}

/** `1.2 KB` as a number and its unit. */
export function size(bytes: number): { value: number, unit: 'byte' | 'kilobyte' | 'megabyte' } {
  if (bytes < 1000) return { value: bytes, unit: 'byte' }
  return bytes < 1_000_000 ? { value: bytes / 1000, unit: 'kilobyte' } : { value: bytes / 1_000_000, unit: 'megabyte' }
}

/** XML with each element on a line of its own; an element with text stays whole. */
export function indent(xml: string): string {
  const pieces = xml.replace(/>\s*</g, '>\n<').split('\n')
  const out: string[] = []
  let depth = 0
  for (const [index, piece] of pieces.entries()) {
    const isEnd = piece.startsWith('</')
    if (isEnd) depth -= 1
    // `<A></A>` stays one thing.
    if (isEnd && pieces[index - 1] === piece.replace('/', '')) out.push(`${out.pop()}${piece}`)
    else out.push('  '.repeat(Math.max(depth, 0)) + piece)
    const opens = /^<[^!?/]/.test(piece) && !piece.endsWith('/>') && !/<\/[^>]+>$/.test(piece)
    if (opens) depth += 1
  }
  return out.join('\n')
}
