// What an import asks of REST: fifty commands in a batch, with the rights of whoever is signed in.
import { ApiError, type Kind, call } from '@/api'
import { findUsers, pageOf, type Known } from '../calls'
import { type Field, nameOf, namedBy } from '../fields'
import { pairsOf } from '../form'
import { type Wire, wireOf } from '../wire'
import { BATCH, type Server, Unanswered } from './run'
import { type Found, numberIn, sought, split } from './values'

interface BatchAnswer {
  result: Record<string, unknown> | unknown[]
  result_error: Record<string, { error: string, error_description: string }> | []
}

async function batch(commands: string[]): Promise<{ results: unknown[], errors: (string | undefined)[] }> {
  const cmd = Object.fromEntries(commands.map((command, at) => [`r${String(at)}`, command]))
  const { result } = await call<BatchAnswer>('batch', { halt: 0, cmd })
  const [results, errors] = [result.result as Record<string, unknown>, result.result_error as Record<string, { error: string, error_description: string } | undefined>]
  return {
    results: commands.map((_, at) => results[`r${String(at)}`]),
    errors: commands.map((_, at) => {
      const error = errors[`r${String(at)}`]
      return error && (error.error_description || error.error)
    }),
  }
}

const command = (method: string, pairs: [string, string][]) => `${method}?${new URLSearchParams(pairs).toString()}`

/** The server for records of a kind; `fields` are those of the columns. */
export function serverOf(kind: Kind, wire: Wire, fields: (Field | undefined)[]): Server {
  const found: Found = new Map()
  return {
    look: async rows => {
      for (const [column, field] of fields.entries()) {
        if (field?.widget !== 'user' && field?.widget !== 'link') continue
        for (const name of new Set(rows.flatMap(row => split(field, row[column]!)))) await lookUp(found, field, name)
      }
      return found
    },
    add: async records => {
      try {
        return (await batch(records.map(record => command(wire.method('add'), pairsOf(wire, null, record))))).errors
      } catch (error) {
        throw error instanceof ApiError && error.status === 0 ? new Unanswered() : error
      }
    },
    exists: keys => exists(kind, keys),
  }
}

async function lookUp(found: Found, field: Field, name: string) {
  const target = field.widget === 'user' ? 'user' : field.target!
  const key = sought(target === 'user' ? 'user' : target.code, name)
  if (numberIn(name) || found.has(key)) return
  const isIt = (one: Known) => one.name.toLowerCase() === name.toLowerCase()
  const there = target === 'user' ? await findUsers(name) : await named(target, name)
  // Somebody found by an address is called otherwise.
  const wanted = target === 'user' && name.includes('@') ? there : there.filter(isIt)
  found.set(key, wanted.map(one => one.id))
}

/** Records of this name: the last word of a person's is the last name. */
async function named(kind: Kind, name: string): Promise<Known[]> {
  const code = namedBy(kind).at(-1)!
  const filter = { [code]: code === 'TITLE' ? name : name.split(' ').at(-1)! }
  const records = await pageOf(wireOf(kind), { filter, select: namedBy(kind), order: { ID: 'ASC' }, start: -1 })
  return records.map(one => ({ id: String(one.ID), name: nameOf(one) }))
}

/** Whether there is a record with one of the phones or addresses of each row. */
async function exists(kind: Kind, keys: string[][]): Promise<boolean[]> {
  const asked = keys.flatMap((mine, row) => (['PHONE', 'EMAIL'] as const).flatMap(type => {
    const values = mine.filter(one => one.includes('@') === (type === 'EMAIL'))
    const pairs: [string, string][] = [['type', type], ['entity_type', kind.code.toUpperCase()], ...values.map(one => ['values[]', one] as [string, string])]
    return values.length > 0 ? [{ row, command: command('crm.duplicate.findbycomm', pairs) }] : []
  }))
  const there = keys.map(() => false)
  for (let at = 0; at < asked.length; at += BATCH) {
    const part = asked.slice(at, at + BATCH)
    const { results, errors } = await batch(part.map(one => one.command))
    const [failed] = errors.filter(Boolean)
    // Without an answer nothing may be taken for new.
    if (failed) throw new ApiError(400, 'ERROR_CORE', failed)
    part.forEach(({ row }, place) => {
      if (Object.keys((results[place] ?? {}) as object).length > 0) there[row] = true
    })
  }
  return there
}
