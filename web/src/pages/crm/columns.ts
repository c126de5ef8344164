/** What a list of records begins with: its columns, and the tabs of other kinds beside it. */

import type { Kind } from '@/api/kinds'
import type { Column } from '@/parts/grid'
import { type Field, firstOf, sortable } from './fields'

/** Tabs that stand side by side on a desk. */
const TABS = 7

/** The kinds that have a tab, the current one always among them, and the others. */
export function fitting(kinds: Kind[], current: string | undefined): { shown: Kind[], hidden: Kind[] } {
  if (kinds.length <= TABS + 1) return { shown: kinds, hidden: [] }
  const first = kinds.slice(0, TABS)
  const far = kinds.find(kind => kind.code === current && !first.includes(kind))
  const shown = far ? [...first.slice(0, -1), far] : first
  return { shown, hidden: kinds.filter(kind => !shown.includes(kind)) }
}

const NAMES = ['TITLE', 'LAST_NAME', 'NAME']

/** All columns that a list can have. */
export function columnsOf(kind: Kind, fields: Field[]): Column[] {
  const first = firstOf(kind)
  const second = [kind.stage?.field, 'DATE_CREATE', 'CREATED_TIME', 'PHONE']
  return fields.map(field => ({
    key: field.code,
    title: field.title,
    sortable: sortable(field),
    hidden: !first.includes(field.code),
    wide: field.code === 'TITLE' || field.code === 'LAST_NAME',
    align: field.widget === 'number' && field.code !== 'ID' ? 'right' : undefined,
    line: NAMES.includes(field.code) ? 1 : second.includes(field.code) ? 2 : undefined,
  }))
}

/** The columns in the order in which they stand: those that a list begins with come first. */
export function placed(kind: Kind, columns: Column[]): Column[] {
  const first = firstOf(kind)
  const place = (code: string) => (first.includes(code) ? first.indexOf(code) : first.length)
  return [...columns].sort((a, b) => place(a.key) - place(b.key))
}
