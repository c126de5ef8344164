// What is asked about before it runs: methods that the server says take data away.
import type { Json } from './rows.ts'

interface Known { method: string, destroys: boolean }

/**
 * Which methods of a request take data away: its own or, in a batch, those of its commands; each once. Where the methods are
 * not known, that could be any.
 */
export function destroying(methods: Known[] | undefined, method: string, params: { [key: string]: Json }): string[] {
  const name = method.trim()
  const run = name.toLowerCase() === 'batch' ? commands(params) : [name]
  const known = methods && new Set(methods.filter(one => one.destroys).map(one => one.method.toLowerCase()))
  return [...new Set(run.filter(one => known?.has(one.toLowerCase()) ?? true))]
}

/** The methods that a batch runs: `crm.lead.get` of `crm.lead.get?id=1`. */
function commands(params: { [key: string]: Json }): string[] {
  const found = Object.entries(params).filter(([name]) => name.toLowerCase() === 'cmd').flatMap(([, cmd]) => (cmd !== null && typeof cmd === 'object' ? Object.values(cmd) : []))
  return found.filter(one => typeof one === 'string').map(text => text.split(/[?#]/, 1)[0]!.trim())
}
