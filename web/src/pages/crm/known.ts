// Names that were found once, for all CRM pages.
import { onceInLanguage } from '@/api'
import { dictionaries } from './calls'
import { addStatuses, put, type Names } from './names'

export const names: Names = new Map()

const read = onceInLanguage(dictionaries)

/** Dictionaries and pipelines, read once in each language. */
export async function dictionariesOnce(): Promise<void> {
  const { statuses, categories } = await read()
  addStatuses(names, statuses)
  for (const one of categories) put(names, 'category', String(one.id), one.name)
}
