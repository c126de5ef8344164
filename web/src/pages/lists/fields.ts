// Fields of lists: how their values are shown, edited and sent.

export interface Field {
  FIELD_ID: string
  ID?: string
  NAME: string
  TYPE: string
  SORT: number
  IS_REQUIRED: 'Y' | 'N'
  MULTIPLE: 'Y' | 'N'
  DEFAULT_VALUE: unknown
  DISPLAY_VALUES_FORM?: Record<string, string>
}

export type Values = Record<string, unknown>

/** How a field is edited. What is of no such kind is sent back as it was. */
export type Editor = 'text' | 'number' | 'choice' | 'day' | 'moment' | 'long' | 'user'

const EDITORS: Record<string, Editor> = {
  'NAME': 'text', 'S': 'text', 'S:Money': 'text', 'S:ECrm': 'text', 'E': 'number', 'G': 'number', 'E:EList': 'number', 'S:DiskFile': 'number', 'N': 'number', 'SORT': 'number',
  'L': 'choice', 'S:Date': 'day', 'S:DateTime': 'moment', 'ACTIVE_FROM': 'moment', 'ACTIVE_TO': 'moment',
  'S:HTML': 'long', 'PREVIEW_TEXT': 'long', 'DETAIL_TEXT': 'long', 'S:employee': 'user',
}

/** Fields that the server fills itself. */
const OWN = ['N:Sequence', 'DATE_CREATE', 'CREATED_BY', 'TIMESTAMP_X', 'MODIFIED_BY']

export const editorOf = (field: Field): Editor | undefined => EDITORS[field.TYPE]
export const isFile = (field: Field) => field.TYPE === 'F'
export const isSortable = (field: Field) => field.MULTIPLE === 'N' && !['F', 'S:Money', 'S:HTML', 'S:ECrm', 'S:DiskFile', 'PREVIEW_PICTURE', 'DETAIL_PICTURE'].includes(field.TYPE)

/** The values of a field as texts: own fields have them under numbers. */
export function valuesOf(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return []
  const all: unknown[] = typeof value === 'object' ? Object.values(value) : [value]
  return all.map(one => (typeof one === 'object' && one !== null ? String((one as { TEXT?: unknown }).TEXT ?? '') : String(one)))
}

/** What a person reads. */
export const shownOf = (field: Field, value: unknown): string => valuesOf(value).map(one => field.DISPLAY_VALUES_FORM?.[one] ?? one).join(', ')

/** A moment of the portal (12/31/2026 06:00:00 pm, 31.12.2026 18:00:00) as inputs of browsers have it. */
export function isoOf(text: string): string {
  const found = /^(\d{2})([./])(\d{2})[./](\d{4})(?: (\d{2}):(\d{2})(?::\d{2})?(?: (am|pm))?)?/i.exec(text)
  if (!found) return text.slice(0, 16)
  const [, first, mark, second, year, hours, minutes, half] = found
  const [month, day] = mark === '/' ? [first, second] : [second, first]
  if (hours === undefined) return `${year!}-${month!}-${day!}`
  const hour = half === undefined ? Number(hours) : Number(hours) % 12 + (half.toLowerCase() === 'pm' ? 12 : 0)
  return `${year!}-${month!}-${day!}T${String(hour).padStart(2, '0')}:${minutes!}`
}

export type Draft = Record<string, string[]>

/** What a form begins with: of each field that can be edited its values, or what new elements have. */
export function draftOf(fields: Field[], element: Values | undefined): Draft {
  const draft: Draft = {}
  for (const field of fields) {
    const editor = editorOf(field)
    if (editor === undefined) continue
    const values = valuesOf(element === undefined ? field.DEFAULT_VALUE : element[field.FIELD_ID])
    draft[field.FIELD_ID] = editor === 'day' ? values.map(one => isoOf(one).slice(0, 10)) : editor === 'moment' ? values.map(isoOf) : values
  }
  return draft
}

/** What is sent: all that the element holds, since an update replaces it. Files are added by whoever sends. */
export function saidOf(fields: Field[], draft: Draft, element: Values | undefined): Values {
  const said: Values = {}
  for (const field of fields) {
    if (isFile(field) || OWN.includes(field.TYPE)) continue
    const values = (editorOf(field) ? draft[field.FIELD_ID] ?? [] : valuesOf(element?.[field.FIELD_ID])).filter(one => one !== '')
    if (values.length > 0) said[field.FIELD_ID] = field.MULTIPLE === 'Y' ? values : values[0]
  }
  return said
}
