/** Products of the catalogue as rows of a record: with their base prices, in the record's currency, with tax. */

import { type ProductRow, emptyRow } from './rows'

/** A row of `crm.product.list`. */
export interface Product {
  ID: string
  NAME: string
  PRICE: string | null
  CURRENCY_ID: string | null
  MEASURE: string | null
  VAT_ID: string | null
  VAT_INCLUDED: string
}

/** What products name by number: units, VAT rates, and what currencies are worth in the base one. */
export interface Dictionaries {
  units: Map<string, { code: number, symbol: string }>
  rates: Map<string, number>
  currencies: Map<string, number>
}

/** An amount in another currency; as it is where one of the two is not known. */
export function converted(amount: number, from: string, to: string, currencies: Map<string, number>): number {
  const [worth, unit] = [currencies.get(from), currencies.get(to)]
  return from === to || !worth || !unit ? amount : (amount * worth) / unit
}

const cents = (amount: number) => Math.round(amount * 100) / 100

/** What one costs with tax, in that currency. */
export function priceOf(product: Product, currency: string, known: Dictionaries): number {
  const rate = known.rates.get(product.VAT_ID ?? '') ?? 0
  const own = Number(product.PRICE ?? 0) * (product.VAT_INCLUDED === 'Y' ? 1 : 1 + rate / 100)
  return cents(converted(own, product.CURRENCY_ID ?? currency, currency, known.currencies))
}

/** One of it as a row. */
export function rowOf(product: Product, currency: string, known: Dictionaries): ProductRow {
  const unit = known.units.get(product.MEASURE ?? '')
  const rate = known.rates.get(product.VAT_ID ?? '')
  return {
    ...emptyRow(),
    name: product.NAME,
    price: String(priceOf(product, currency, known)),
    tax: rate === undefined ? '' : String(rate),
    kept: {
      productId: Number(product.ID),
      taxIncluded: product.VAT_INCLUDED,
      ...(unit && { measureCode: unit.code, measureName: unit.symbol }),
    },
  }
}
