// Settings as a method declares them: their names, types, titles and choices come from the server, so that a form of them needs
// no list of its own.
import { catalogue } from '../hook/api'
import type { Param } from '../in-hook/hints'

/** The members of a parameter of a method that a form can show: flags, numbers and texts. */
export async function declared(method: string, param: string): Promise<Param[]> {
  const { methods } = await catalogue()
  const members = methods.find(one => one.method === method)?.params.find(one => one.name === param)?.members ?? []
  return members.filter(one => ['flag', 'integer', 'string'].includes(one.type))
}

/** Groups of settings, each with the names that belong to it. */
export type Groups<G extends string> = [group: G, names: RegExp][]

/** The settings by group, in their order; each stands in the first group that it fits, and what fits none in `other`. */
export function grouped<G extends string>(params: Param[], groups: Groups<G>): { group: G | 'other', params: Param[] }[] {
  const groupOf = (param: Param) => groups.find(([, names]) => names.test(param.name))?.[0] ?? 'other'
  return [...groups.map(([group]) => group), 'other' as const].map(group => ({ group, params: params.filter(param => groupOf(param) === group) })).filter(one => one.params.length > 0)
}

/** What was changed, as a request says it. */
export const changes = (now: Record<string, string>, before: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== (before[name] ?? '')))
