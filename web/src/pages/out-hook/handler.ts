// What can be told of a handler's URL while it is typed. The server decides; this only says it earlier.

export type Complaint = 'empty' | 'url' | 'scheme' | 'credentials' | 'long'
export type Remark = 'local' | 'plain'

const LONGEST = 2048

export function complaint(text: string): Complaint | undefined {
  const typed = text.trim()
  if (typed === '') return 'empty'
  if (new TextEncoder().encode(typed).length > LONGEST) return 'long'
  let url: URL
  try {
    url = new URL(typed)
  } catch {
    return 'url'
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'scheme'
  return url.username || url.password ? 'credentials' : undefined
}

/** What is no mistake but worth knowing: an address of one's own network, or no encryption. */
export function remark(text: string): Remark | undefined {
  if (complaint(text)) return undefined
  const url = new URL(text.trim())
  if (isLocal(url.hostname)) return 'local'
  return url.protocol === 'http:' ? 'plain' : undefined
}

function isLocal(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local') || host.endsWith('.internal')) return true
  if (host.startsWith('[')) return /^\[(::1?\]|f[cd]|fe[89ab]|::ffff:(7f|a[0-9a-f]{2}:|c0a8))/.test(host)
  const [a = 0, b = 0, ...rest] = host.split('.').map(Number)
  if (rest.length !== 2 || rest.some(Number.isNaN)) return !host.includes('.')
  return a === 127 || a === 10 || a === 0 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b < 32) || (a === 169 && b === 254)
}
