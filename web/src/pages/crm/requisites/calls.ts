// What the pages of requisites ask of REST.
import { type Kind, call, kindsOnce } from '@/api'
import { type Descriptor, type Field, fieldsOf } from '../fields'
import type { Record_ } from '../form'
import { type PartCode, type PresetField, TYPE_ID, editable, ofPreset, partWire } from './parts'

/** A template, with the fields that it asks for. */
export interface Preset {
  id: string
  name: string
  active: boolean
  fields: Field[]
}

/** The requisites of a contact or company, and all that belongs to them. */
export interface Held {
  presets: Preset[]
  fields: Record<PartCode, Field[]>
  requisites: Record_[]
  banks: Record_[]
  addresses: Record_[]
  addressTypes: { id: string, name: string }[]
}

/** All rows of a list, page by page. */
async function all(code: PartCode | 'requisite.preset' | 'requisite.link', params: Record<string, unknown>): Promise<Record_[]> {
  const rows: Record_[] = []
  for (let start: number | undefined = 0; start !== undefined;) {
    const answer: { result: Record_[], next?: number } = await call(`crm.${code}.list`, { ...params, start })
    rows.push(...answer.result)
    start = answer.next
  }
  return rows
}

async function described(code: PartCode): Promise<Field[]> {
  const [kinds, { result }] = await Promise.all([kindsOnce(), call<Record<string, Descriptor>>(partWire(code).method('fields'))])
  return fieldsOf({ spelling: 'own', entity_type_id: TYPE_ID }, kinds, result)
}

async function presets(fields: Field[]): Promise<Preset[]> {
  const found = await all('requisite.preset', { order: { SORT: 'ASC', ID: 'ASC' } })
  return Promise.all(found.map(async row => {
    const { result } = await call<PresetField[]>('crm.requisite.preset.field.list', { preset: { ID: row.ID }, order: { SORT: 'ASC' } })
    return { id: String(row.ID), name: String(row.NAME), active: row.ACTIVE !== 'N', fields: ofPreset(fields, result) }
  }))
}

/** Everything that a contact or company has. */
export async function held(kind: Kind, id: number): Promise<Held> {
  const [requisite, bank, address, requisites, types] = await Promise.all([
    described('requisite'), described('requisite.bankdetail'), described('address'),
    requisitesOf([{ kind: kind.entity_type_id, id: String(id) }]),
    call<{ ID: number, NAME: string }[]>('crm.enum.addresstype'),
  ])
  const ids = requisites.map(row => row.ID)
  const none: Promise<Record_[]> = Promise.resolve([])
  const [found, banks, addresses] = await Promise.all([
    presets(requisite),
    ids.length > 0 ? banksOf(ids) : none,
    ids.length > 0 ? all('address', { filter: { ENTITY_TYPE_ID: TYPE_ID, ENTITY_ID: ids }, order: { TYPE_ID: 'ASC' } }) : none,
  ])
  return {
    presets: found,
    fields: { 'requisite': requisite, 'requisite.bankdetail': editable(bank), 'address': editable(address) },
    requisites, banks, addresses,
    addressTypes: types.result.map(one => ({ id: String(one.ID), name: one.NAME })),
  }
}

/** The bank details of these requisites. */
export const banksOf = (ids: unknown[]) => all('requisite.bankdetail', { filter: { ENTITY_ID: ids }, order: { SORT: 'ASC', ID: 'ASC' } })

/** The requisites of these contacts and companies. */
export async function requisitesOf(owners: { kind: number, id: string }[]): Promise<Record_[]> {
  const order = { SORT: 'ASC', ID: 'ASC' }
  const found = await Promise.all(owners.map(one => all('requisite', { filter: { ENTITY_TYPE_ID: one.kind, ENTITY_ID: one.id }, order, select: ['*', 'UF_*'] })))
  return found.flat()
}

/** What a record uses. */
export async function linkRow(kind: Kind, id: number): Promise<Record_ | undefined> {
  return (await all('requisite.link', { filter: { ENTITY_TYPE_ID: kind.entity_type_id, ENTITY_ID: id } }))[0]
}
