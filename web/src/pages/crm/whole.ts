// Every record that a filter finds, page by page.
import type { Record_ } from './form'

export interface Asked { filter: { [key: string]: unknown }, order: { ID: 'ASC' | 'DESC' }, start: -1 }

/**
 * Reads all pages by number, so that what is added or deleted meanwhile moves nothing across a border. Each page is handed
 * on as it comes; `false` ends the reading.
 */
export async function everyPage(
  list: (asked: Asked) => Promise<Record_[]>, filter: { [key: string]: unknown }, down: boolean, size: number, take: (records: Record_[]) => Promise<boolean>,
): Promise<void> {
  let after: { [key: string]: unknown } = {}
  for (;;) {
    const records = await list({ filter: { ...filter, ...after }, order: { ID: down ? 'DESC' : 'ASC' }, start: -1 })
    if (!await take(records) || records.length < size) return
    // Further on than a bound of the filter's own, whose place it takes.
    after = { [down ? '<ID' : '>ID']: records.at(-1)!.ID }
  }
}
