/** Products and stock in the shape the pages use. */

export interface Product {
  id: number
  iblockId: number
  name: string
  type: number
  active: string
  code?: string | null
  detailText?: string | null
  quantity: number | null
  quantityReserved: number | null
  [name: string]: unknown
}

export type Fields = Record<string, { type: string, name?: string, isRequired?: boolean, isReadOnly?: boolean, isMultiple?: boolean }>

export interface Price { id: number, productId: number, catalogGroupId: number, price: number, currency: string }
export interface PriceType { id: number, name: string, base: string }
export interface Image { id: number, name: string, type: string, downloadUrl: string }
export interface Store { id: number, title: string | null, address: string, active: string }
export interface Amount { id: number, productId: number, storeId: number, amount: number, quantityReserved: number | null }

export interface StockDocument {
  id: number
  docType: DocType
  docNumber: string
  title: string | null
  status: 'N' | 'Y' | 'C'
  currency: string
  total: number | null
  dateCreate: string
}

export interface Element { id: number, elementId: number, storeFrom: number | null, storeTo: number | null, amount: number, purchasingPrice: number | null }

/** The types of documents, with the stores that each needs. */
export const TYPES = {
  A: { key: 'receipt', from: false, to: true },
  S: { key: 'adjustment', from: false, to: true },
  M: { key: 'transfer', from: true, to: true },
  R: { key: 'return', from: false, to: true },
  D: { key: 'write-off', from: true, to: false },
} as const
export type DocType = keyof typeof TYPES

export const STATES = { N: { key: 'draft', tone: 'plain' }, Y: { key: 'conducted', tone: 'good' }, C: { key: 'cancelled', tone: 'wait' } } as const

/** Whether a product lies in stores: no service, and none that only gathers variants. */
export const isGoods = (product: Product) => ![3, 6, 7].includes(product.type)

/** A number as people write it, zero included; `undefined` for anything else. */
export function priceOf(text: string): number | undefined {
  const said = text.trim().replace(',', '.')
  return /^\d+(\.\d{1,4})?$/.test(said) ? Number(said) : undefined
}

/** The same without zero. */
export const amountOf = (text: string): number | undefined => priceOf(text) || undefined

/** What a store is called. */
export const storeName = (stores: Store[], id: number | null): string => {
  const found = stores.find(one => one.id === id)
  return found ? (found.title ?? found.address) : id === null ? '' : `#${id}`
}

/** The text of a value of a property on the wire: `{value, valueId}`, or a list of these. */
export function valueOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueOf).filter(Boolean).join(', ')
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value as string)
  const { value: inner, valueEnum } = value as { value?: unknown, valueEnum?: unknown }
  if (typeof valueEnum === 'string') return valueEnum
  if (inner !== null && typeof inner === 'object') {
    const { text, name } = inner as { text?: unknown, name?: unknown }
    return typeof text === 'string' ? text : typeof name === 'string' ? name : ''
  }
  return valueOf(inner)
}

/** The properties of a product, by the names of their fields. */
export const propertiesOf = (fields: Fields) => Object.entries(fields).filter(([name]) => /^property\d+$/.test(name)).map(([name, field]) => ({ name, title: field.name ?? name }))
