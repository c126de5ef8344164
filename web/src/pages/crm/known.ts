// Names that were found once, for all CRM pages.
import { type Kind, onceInLanguage } from '@/api'
import { categories, statuses } from './calls'
import { addStatuses, put, type Names } from './names'

export const names: Names = new Map()

const read = onceInLanguage(statuses)

/** The dictionaries, read once in each language, and what a kind's pipelines and stages are called now. */
export async function namesOf(kind: Kind): Promise<void> {
  const [entries, pipelines] = await Promise.all([read(), kind.has_categories ? categories(kind) : []])
  addStatuses(names, entries)
  for (const one of pipelines) put(names, `category-${String(kind.entity_type_id)}`, String(one.id), one.name)
  // Its stages are younger than what was read.
  if (kind.stage && !names.has(kind.stage.dictionary)) addStatuses(names, await statuses())
}
