// A rule as the form holds it, and as it is sent.
import type { Effect, Rule } from '@/api/sandbox'

export interface Draft {
  side: 'calls' | 'sent'
  webhook: string | undefined
  pattern: string
  effect: string
  /** Place of the error in the protocol's table. */
  code: number
  status: string
  body: string
  requests: string
  seconds: string
  operating: string
  each: string
  within: string
  delay: string
  every: string
  first: string
  chance: string
  times: string
  after: boolean
  keep: boolean
}

export const EFFECTS = {
  calls: ['error', 'status', 'drop', 'half', 'rate', 'operating', 'licence', 'dismissed', 'delay'],
  sent: ['double', 'reorder', 'fail', 'delay']
} as const

/** Of which it is decided by itself what they hit, and so when. */
const LIMITS = ['rate', 'operating', 'half']

export const empty = (): Draft => ({
  side: 'calls', webhook: undefined, pattern: '', effect: 'error', code: 0, status: '503', body: '', requests: '2', seconds: '10', operating: '10',
  each: '1', within: '5000', delay: '', every: '', first: '', chance: '', times: '', after: false, keep: false
})

export const mayBeAfter = (draft: Draft) => draft.side === 'calls' && !LIMITS.includes(draft.effect)

const number = (text: string) => (text.trim() === '' ? undefined : Number(text))

function effect(draft: Draft, codes: { code: string, status: number }[]): Effect | undefined {
  const kind = draft.effect
  switch (kind) {
    case 'delay': return undefined
    case 'error': {
      const { code, status } = codes[draft.code] ?? { code: 'ERROR_CORE', status: 400 }
      return { kind, code, status }
    }
    case 'status': return { kind, status: Number(draft.status), body: draft.body }
    case 'rate': return { kind, requests: Number(draft.requests), seconds: Number(draft.seconds) }
    case 'operating': return { kind, seconds: Number(draft.operating), each: Number(draft.each) }
    case 'reorder': return { kind, within: Number(draft.within) }
    default: return { kind }
  }
}

/** The rule that is sent; what is left empty is left out. */
export function rule(draft: Draft, codes: { code: string, status: number }[]): Rule {
  const pattern = draft.pattern.trim()
  return {
    webhook: number(draft.webhook ?? ''),
    ...(draft.side === 'sent' ? { event: pattern || '*' } : { method: pattern || undefined }),
    every: number(draft.every),
    first: number(draft.first),
    chance: number(draft.chance),
    times: number(draft.times),
    delay: number(draft.delay),
    effect: effect(draft, codes),
    after: draft.after && mayBeAfter(draft),
    keep: draft.keep
  }
}
