import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Dictionaries, type Product, converted, rowOf } from './catalogue'
import { saidOf } from './rows'

const known: Dictionaries = {
  units: new Map([['5', { code: 796, symbol: 'pcs.' }]]),
  rates: new Map([['2', 0], ['3', 20]]),
  currencies: new Map([['USD', 1], ['EUR', 1.09], ['RUB', 0.0125]]),
}
const chair: Product = { ID: '1', NAME: 'Chair', PRICE: '250.00', CURRENCY_ID: 'EUR', MEASURE: '5', VAT_ID: '3', VAT_INCLUDED: 'N' }

test('a product becomes a row with its price, unit and tax', () => {
  const row = rowOf(chair, 'EUR', known)
  assert.deepEqual([row.name, row.price, row.quantity, row.tax], ['Chair', '300', '1', '20'])
  assert.deepEqual(saidOf([row], []), [{
    productId: 1, taxIncluded: 'N', measureCode: 796, measureName: 'pcs.', productName: 'Chair', price: '300', quantity: '1', taxRate: '20', sort: 10,
    discountTypeId: 2, discountRate: '0',
  }])
  assert.equal(rowOf({ ...chair, VAT_INCLUDED: 'Y' }, 'EUR', known).price, '250')
})

test('a price is in the currency of the record', () => {
  assert.equal(rowOf(chair, 'USD', known).price, '327')
  assert.equal(rowOf(chair, 'XXX', known).price, '300')
  assert.equal(converted(80, 'USD', 'RUB', known.currencies), 6400)
})

test('a product without price, unit or tax is a row without them', () => {
  const row = rowOf({ ...chair, PRICE: null, CURRENCY_ID: null, MEASURE: null, VAT_ID: '1' }, 'EUR', known)
  assert.deepEqual([row.price, row.tax, row.kept], ['0', '', { productId: 1, taxIncluded: 'N' }])
  assert.equal(rowOf({ ...chair, VAT_ID: '2' }, 'EUR', known).tax, '0')
})
