// What the product rows ask of the catalogue.
import { call, onceInLanguage } from '@/api'
import type { Dictionaries, Product } from './catalogue'

const SELECT = ['ID', 'NAME', 'PRICE', 'CURRENCY_ID', 'MEASURE', 'VAT_ID', 'VAT_INCLUDED']

/** Products that can be sold, by a part of their names or by their number. */
export async function findProducts(text: string): Promise<Product[]> {
  const words = text === '' ? {} : /^\d+$/.test(text) ? { ID: text } : { '%NAME': text }
  const { result } = await call<Product[]>('crm.product.list', { filter: { ACTIVE: 'Y', ...words }, order: { NAME: 'ASC', ID: 'ASC' }, select: SELECT, start: -1 })
  return result
}

/** Units, VAT rates and currencies, read once. */
export const dictionaries = onceInLanguage(async (): Promise<Dictionaries> => {
  const [units, rates, currencies] = await Promise.all([
    call<{ ID: string, CODE: string, SYMBOL_RUS: string }[]>('crm.measure.list'),
    call<{ ID: string, RATE: string | null }[]>('crm.vat.list'),
    call<{ CURRENCY: string, AMOUNT: string, AMOUNT_CNT: string }[]>('crm.currency.list'),
  ])
  return {
    units: new Map(units.result.map(one => [one.ID, { code: Number(one.CODE), symbol: one.SYMBOL_RUS }])),
    rates: new Map(rates.result.flatMap(one => (one.RATE === null ? [] : [[one.ID, Number(one.RATE)] as const]))),
    currencies: new Map(currencies.result.map(one => [one.CURRENCY, Number(one.AMOUNT) / Number(one.AMOUNT_CNT)])),
  }
})
