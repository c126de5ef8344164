// Names that were found once, for all CRM pages.
import { dictionaries } from './calls'
import type { Names } from './names'

export const names: Names = new Map()

let asked: Promise<void> | undefined

/** Dictionaries and pipelines, read once; after a failure again. */
export function dictionariesOnce(): Promise<void> {
  asked ??= dictionaries(names).catch((error: unknown) => {
    asked = undefined
    throw error
  })
  return asked
}
