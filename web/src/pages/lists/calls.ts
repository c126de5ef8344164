// What the pages of lists ask of REST, as the signed-in person.
import { call } from '@/api'
import { dataUrl } from '@/parts'
import { ownPath } from '../files/files'
import type { Field, Values } from './fields'

/** Rows on a page. */
export const PAGE_SIZE = 50

/** The kind of lists that people make. */
const OF = { IBLOCK_TYPE_ID: 'lists' }

export interface List {
  ID: string
  NAME: string
  DESCRIPTION: string
}

export interface Section {
  ID: string
  NAME: string
  DEPTH_LEVEL: string
}

export type Element = { ID: string, NAME: string, CODE: string, IBLOCK_SECTION_ID: string | null } & Values

async function every<T>(method: string, params: Record<string, unknown>): Promise<T[]> {
  const all: T[] = []
  for (let start: number | undefined = 0; start !== undefined;) {
    const { result, next }: { result: T[], next?: number } = await call<T[]>(method, { ...params, start })
    all.push(...result)
    start = next
  }
  return all
}

export const lists = () => every<List>('lists.get', OF)
export const getList = async (id: string) => (await call<List[]>('lists.get', { ...OF, IBLOCK_ID: id })).result[0]
export const addList = async (name: string) =>
  (await call<number>('lists.add', { ...OF, IBLOCK_CODE: `list-${Date.now().toString(36)}`, FIELDS: { NAME: name } })).result

export async function fieldsOf(list: string): Promise<Field[]> {
  const { result } = await call<Record<string, Field>>('lists.field.get', { ...OF, IBLOCK_ID: list })
  return Object.values(result).sort((one, other) => one.SORT - other.SORT)
}

export const addField = (list: string, fields: Record<string, unknown>) => call<string>('lists.field.add', { ...OF, IBLOCK_ID: list, FIELDS: fields })

/** The sections, each behind the one that it lies in. */
export const sectionsOf = (list: string) => every<Section>('lists.section.get', { ...OF, IBLOCK_ID: list })
export const addSection = (list: string, name: string, parent: string) =>
  call<number>('lists.section.add', { ...OF, IBLOCK_ID: list, IBLOCK_SECTION_ID: parent || 0, SECTION_CODE: `section-${Date.now().toString(36)}`, FIELDS: { NAME: name } })

export async function elementsOf(list: string, words: string, section: string, sort: string, page: number) {
  const FILTER = { ...(words && { '%NAME': words }), ...(section && { IBLOCK_SECTION_ID: section }) }
  const ELEMENT_ORDER = { [sort.replace('-', '')]: sort.startsWith('-') ? 'DESC' : 'ASC' }
  const { result, total } = await call<Element[]>('lists.element.get', { ...OF, IBLOCK_ID: list, FILTER, ELEMENT_ORDER, start: (page - 1) * PAGE_SIZE })
  return { elements: result, total: total ?? result.length }
}

/** Columns that answers have only when they are asked for. */
const MORE = ['ID', 'NAME', 'CODE', 'IBLOCK_SECTION_ID']

export async function getElement(list: string, id: string, fields: Field[]): Promise<Element | undefined> {
  const SELECT = [...MORE, ...fields.map(field => field.FIELD_ID)]
  const { result } = await call<Element[]>('lists.element.get', { ...OF, IBLOCK_ID: list, ELEMENT_ID: id, SELECT })
  return result[0]
}

export const addElement = async (list: string, section: string, FIELDS: Values) =>
  (await call<number>('lists.element.add', { ...OF, IBLOCK_ID: list, ELEMENT_CODE: `element-${Date.now().toString(36)}`, IBLOCK_SECTION_ID: section || 0, FIELDS })).result
export const updateElement = (list: string, id: string, section: string, FIELDS: Values) =>
  call<boolean>('lists.element.update', { ...OF, IBLOCK_ID: list, ELEMENT_ID: id, IBLOCK_SECTION_ID: section || 0, FIELDS })
export const deleteElement = (list: string, id: string) => call<boolean>('lists.element.delete', { ...OF, IBLOCK_ID: list, ELEMENT_ID: id })

export const filesOf = async (list: string, id: string, field: Field) =>
  (await call<string[]>('lists.element.get.file.url', { ...OF, IBLOCK_ID: list, ELEMENT_ID: id, FIELD_ID: field.ID })).result.map(ownPath)

/** A file as it is sent again: an update replaces all that an element holds. */
export async function fileAgain(path: string): Promise<[string, string]> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(answer.statusText)
  const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  const url = await dataUrl(await answer.blob())
  return [decodeURIComponent(name), url.slice(url.indexOf(',') + 1)]
}
