// What the pages of products and stock ask of REST, as the signed-in person.
import { call } from '@/api'
import type { Amount, Element, Fields, Image, Price, PriceType, Product, StockDocument, Store } from './catalog'

/** Rows on a page. */
export const PAGE_SIZE = 50

interface Listed<R> { rows: R[], total: number }

async function list<R>(method: string, name: string, params: Record<string, unknown>): Promise<Listed<R>> {
  const { result, total } = await call<Record<string, R[]>>(method, params)
  const rows = result[name] ?? []
  return { rows, total: total ?? rows.length }
}

const LISTED = ['id', 'iblockId', 'name', 'type', 'active', 'quantity', 'quantityReserved', 'iblockSectionId']

/** Products whose name has these words, with their base prices. */
export async function listProducts(search: string, order: Record<string, string>, page: number): Promise<Listed<Product>> {
  const words = search.trim()
  const filter = { iblockId: 1, ...(/^\d+$/.test(words) ? { id: words } : words !== '' && { '%name': words }) }
  return list<Product>('catalog.product.list', 'products', { select: LISTED, filter, order, start: (page - 1) * PAGE_SIZE })
}

export const getProduct = async (id: number) => (await call<{ product: Product }>('catalog.product.get', { id })).result.product
export const addProduct = async (fields: Record<string, unknown>) => (await call<{ element: Product }>('catalog.product.add', { fields: { iblockId: 1, ...fields } })).result.element
export const updateProduct = (id: number, fields: Record<string, unknown>) => call<unknown>('catalog.product.update', { id, fields })
export const deleteProduct = (id: number) => call<unknown>('catalog.product.delete', { id })
export const fieldsOf = async (iblockId: number) => (await call<{ product: Fields }>('catalog.product.getFieldsByFilter', { filter: { iblockId } })).result.product
export const variantsOf = (id: number) => list<Product>('catalog.product.offer.list', 'offers', { select: LISTED, filter: { iblockId: 2, parentId: id }, start: -1 })

export const pricesOf = (products: number[]) => list<Price>('catalog.price.list', 'prices', { filter: { productId: products }, start: -1 })
export const priceTypes = () => list<PriceType>('catalog.priceType.list', 'priceTypes', { order: { sort: 'ASC' }, start: -1 })
export const savePrices = (id: number, prices: Omit<Price, 'id' | 'productId'>[]) => call<unknown>('catalog.price.modify', { fields: { product: { id, prices } } })

export const imagesOf = (productId: number) => list<Image>('catalog.productImage.list', 'productImages', { productId })
export const addImage = (productId: number, name: string, content: string) => call<unknown>('catalog.productImage.add', { fields: { productId }, fileContent: [name, content] })
export const deleteImage = (productId: number, id: number) => call<unknown>('catalog.productImage.delete', { productId, id })

export const listStores = () => list<Store>('catalog.store.list', 'stores', { order: { sort: 'ASC', id: 'ASC' }, start: -1 })
export const addStore = (title: string, address: string) => call<unknown>('catalog.store.add', { fields: { title, address } })
export const deleteStore = (id: number) => call<unknown>('catalog.store.delete', { id })
export const amountsOf = (filter: Record<string, unknown>, page = 1) => list<Amount>('catalog.storeproduct.list', 'storeProducts', { filter, start: (page - 1) * PAGE_SIZE })

export const listDocuments = (filter: Record<string, unknown>, page: number) =>
  list<StockDocument>('catalog.document.list', 'documents', { filter, order: { id: 'DESC' }, start: (page - 1) * PAGE_SIZE })
export const getDocument = async (id: number) => (await list<StockDocument>('catalog.document.list', 'documents', { filter: { id } })).rows[0]
export const addDocument = async (fields: Record<string, unknown>) => (await call<{ document: StockDocument }>('catalog.document.add', { fields })).result.document
export const moveDocument = (id: number, move: 'conduct' | 'cancel' | 'delete') => call<unknown>(`catalog.document.${move}`, { id })

export const elementsOf = (docId: number) => list<Element>('catalog.document.element.list', 'documentElements', { filter: { docId }, order: { id: 'ASC' }, start: -1 })
export const addElement = (fields: Record<string, unknown>) => call<unknown>('catalog.document.element.add', { fields })
export const deleteElement = (id: number) => call<unknown>('catalog.document.element.delete', { id })

/** The code of the base currency. */
export const baseCurrency = async () => (await call<string>('crm.currency.base.get', {})).result

/** The names of products by their numbers, of both catalogues. */
export async function namesOf(ids: number[]): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const found = await Promise.all([1, 2].map(iblockId => list<Product>('catalog.product.list', 'products', { select: ['id', 'iblockId', 'name'], filter: { iblockId, id: wanted }, start: -1 })))
  return new Map(found.flatMap(one => one.rows).map(one => [one.id, one.name]))
}

/** Products and variants that lie in stores, by words of their name. */
export async function findGoods(text: string): Promise<Product[]> {
  const ask = (iblockId: number, types: number[]) => list<Product>('catalog.product.list', 'products', { select: ['id', 'iblockId', 'name', 'type'], filter: { iblockId, type: types, '%name': text }, order: { name: 'ASC' }, start: -1 })
  return (await Promise.all([ask(1, [1]), ask(2, [4, 5])])).flatMap(one => one.rows)
}
