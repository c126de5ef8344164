// Sends a request through the webhook's real address and measures it.
import type { Answer } from './answer'
import type { Request } from './request'

/** Whoever waits longer than this for an answer is told so. */
const LONGEST = 60_000

export async function run(request: Request, cancel: AbortSignal): Promise<Answer> {
  const began = performance.now()
  const response = await fetch(request.url, {
    method: request.verb,
    headers: request.type ? { 'content-type': request.type } : {},
    body: request.body,
    signal: AbortSignal.any([cancel, AbortSignal.timeout(LONGEST)]),
    // As any other client would: no cookie, no trace of this page, nothing from a cache and nothing into one.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store'
  })
  const bytes = await response.arrayBuffer()
  return {
    status: response.status,
    took: Math.round(performance.now() - began),
    bytes: bytes.byteLength,
    headers: [...response.headers],
    text: new TextDecoder().decode(bytes)
  }
}
