/** The product rows of a record, as people edit them. */

/** A row of `crm.item.productrow.list`. */
export interface WireRow {
  id: number
  productName: string
  price: number
  quantity: number
  discountTypeId: number
  discountRate: number
  discountSum: number
  taxRate: number | null
  [name: string]: unknown
}

/** The same in inputs; `id` is 0 for a new one. The price is with discount and tax, as the API has it. */
export interface ProductRow {
  id: number
  name: string
  price: string
  quantity: string
  discount: string
  isPercent: boolean
  tax: string
  /** What the row has beyond that; it is sent along, or it would be emptied. */
  kept: Record<string, unknown>
}

const PERCENT = 2
const KEPT = ['productId', 'taxIncluded', 'measureCode', 'measureName', 'xmlId', 'discountTypeId', 'discountRate', 'discountSum']

export const emptyRow = (): ProductRow => ({ id: 0, name: '', price: '0', quantity: '1', discount: '0', isPercent: true, tax: '', kept: {} })

export const openRow = (row: WireRow): ProductRow => ({
  id: row.id,
  name: row.productName,
  price: String(row.price),
  quantity: String(row.quantity),
  discount: String(row.discountTypeId === PERCENT ? row.discountRate : row.discountSum),
  isPercent: row.discountTypeId === PERCENT,
  tax: row.taxRate === null ? '' : String(row.taxRate),
  kept: Object.fromEntries(KEPT.filter(name => name in row).map(name => [name, row[name]])),
})

/** Whether the rows are what was read. */
export const isSame = (rows: ProductRow[], before: ProductRow[]) => JSON.stringify(rows) === JSON.stringify(before)

/** All rows as `crm.item.productrow.set` takes them, in this order: it empties what is not said. */
export function saidOf(rows: ProductRow[], before: ProductRow[]): Record<string, unknown>[] {
  return rows.map((row, at) => {
    const old = before.find(one => one.id !== 0 && one.id === row.id)
    const isSameDiscount = old?.discount === row.discount && old.isPercent === row.isPercent
    // A row that is free has its worth in the discount, which the rate alone does not tell.
    const discount = isSameDiscount ? {} : { discountTypeId: row.isPercent ? PERCENT : 1, [row.isPercent ? 'discountRate' : 'discountSum']: row.discount || '0' }
    const own = { productName: row.name, price: row.price, quantity: row.quantity, taxRate: row.tax, sort: (at + 1) * 10 }
    return { ...(old && { id: row.id }), ...row.kept, ...own, ...discount }
  })
}

/** What a row comes to, to cents. */
export const sumOf = (row: ProductRow): number => Math.round(Number(row.price) * Number(row.quantity) * 100) / 100 || 0
