// The one way to the server's JSON. Adds the token that no other site knows, turns refusals into ApiError, asks to
// sign in again when the sign-in is over and then goes on, and reads again by itself while there is no connection.
import { ref } from 'vue'
import { language } from '@/i18n'
import { ApiError } from './error'

export type Query = Record<string, string | number | boolean | null | undefined>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Options { query?: Query, signal?: AbortSignal, body?: unknown }

/** Whether the last request found no server. Read by the banner. */
export const offline = ref(false)

/** Seconds before the next tries. */
const PAUSES = [1, 2, 5, 10]

const connection = {
  token: '',
  /** Asks the person to sign in again; resolves when that is done. Set by the shell. */
  signInAgain: undefined as undefined | (() => Promise<void>)
}

export function setToken(token: string) {
  connection.token = token
}

export function onSessionOver(ask: () => Promise<void>) {
  connection.signInAgain = ask
}

/** A path with a query; what is empty is left out. */
export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return text ? `${path}?${text}` : path
}

/** The name that the server gives a file. */
const fileName = (response: Response) => /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]

/** Sends a request and returns the answer as it is, or throws an ApiError. */
export async function send(method: Method, path: string, options: Options = {}): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await reach(method, path, options)
    if (response.ok) return response
    const error = await refusal(response)
    const over = error.status === 401 && tries === 0 && path !== '/api/session'
    if (!over || !connection.signInAgain) throw error
    await connection.signInAgain()
  }
}

/** Downloads a file, with the name that the server gave it or else the usual one. */
export async function download(method: Method, path: string, usual: string): Promise<{ name: string, file: Blob }> {
  const response = await send(method, path)
  return { name: fileName(response) ?? usual, file: await response.blob() }
}

async function reach(method: Method, path: string, { query, signal, body }: Options): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch(withQuery(path, query), {
        method,
        signal,
        headers: {
          // The server answers in the language of the page.
          'accept-language': language.value,
          ...(method !== 'GET' && { 'x-portreeve-token': connection.token }),
          ...(body !== undefined && { 'content-type': 'application/json' })
        },
        body: body === undefined ? undefined : JSON.stringify(body)
      })
      offline.value = false
      return response
    } catch (error) {
      if (signal?.aborted) throw error
      offline.value = true
      // A change may have arrived although its answer did not: the person decides whether to send it again.
      if (method !== 'GET') {
        void probe()
        throw new ApiError(0, 'ERROR_NO_CONNECTION', '')
      }
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]!)
    }
  }
}

let probing = false

/** Looks for the server until it answers again, so that the banner goes away by itself. */
async function probe() {
  if (probing) return
  probing = true
  try {
    await reach('GET', '/api/session', {})
  } finally {
    probing = false
  }
}

let wake = () => {}

/** Tries again now instead of at the next turn. */
export const retryNow = () => wake()

const pause = (seconds: number) => new Promise<void>(resolve => {
  const timer = setTimeout(resolve, seconds * 1000)
  wake = () => {
    clearTimeout(timer)
    resolve()
  }
})

async function refusal(response: Response): Promise<ApiError> {
  const said = await response.json().catch(() => ({})) as Record<string, string | undefined>
  const wait = Number(response.headers.get('retry-after')) || undefined
  return new ApiError(response.status, said.error ?? `HTTP ${response.status}`, said.error_description ?? response.statusText, said.argument, wait, said.network)
}

async function json<T>(method: Method, path: string, options: Options): Promise<T> {
  const text = await (await send(method, path, options)).text()
  // Some answers say nothing but that it was taken: 202, 204.
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** JSON in, JSON out. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => json<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}) => json<T>('POST', path, { body }),
  put: <T>(path: string, body: unknown) => json<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => json<T>('PATCH', path, { body }),
  delete: <T = void>(path: string, query?: Query) => json<T>('DELETE', path, { query })
}

/** What a REST method answered. */
export interface CallAnswer<T> { result: T, total?: number, next?: number }

/**
 * Changes fields of a record or department, with its events. `seen` is what was read of it before: if somebody changed one of
 * these fields since, nothing is changed and the error is `ERROR_CHANGED`.
 */
export function changeRecord(kind: string, id: number, fields: Record<string, unknown>, seen?: object): Promise<void> {
  const known = seen as Record<string, unknown> | undefined
  const basis = known && Object.fromEntries(Object.keys(fields).map(name => [name, known[name] ?? null]))
  return api.patch<void>(`/api/records/${kind}/${id}`, { fields, seen: basis })
}

/** Runs a REST method with the rights of the signed-in user: `call('crm.lead.list', {start: 0})`. */
export const call = <T>(method: string, params: Record<string, unknown> = {}) =>
  api.post<CallAnswer<T>>(`/api/call/${method}`, params)
