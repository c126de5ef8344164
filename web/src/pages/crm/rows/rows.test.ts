import assert from 'node:assert/strict'
import { test } from 'node:test'

import { emptyRow, isSame, openRow, saidOf, sumOf } from './rows'

const chair = openRow({ id: 7, productName: 'Chair', price: 80, quantity: 3, discountTypeId: 2, discountRate: 10, discountSum: 8.89, taxRate: null, productId: 5, storeId: 9 })

const KEPT = { productId: 5, discountTypeId: 2, discountRate: 10, discountSum: 8.89 }

test('a row is opened with its discount as it was given', () => {
  assert.deepEqual(chair, { id: 7, name: 'Chair', price: '80', quantity: '3', discount: '10', isPercent: true, tax: '', kept: KEPT })
  assert.equal(openRow({ id: 1, productName: '', price: 1, quantity: 1, discountTypeId: 1, discountRate: 5, discountSum: 2, taxRate: 20 }).discount, '2')
  assert.equal(sumOf({ ...chair, price: '0.1' }), 0.3)
})

test('all of a row is said, and what it has beyond the inputs', () => {
  const changed = { ...chair, quantity: '4', isPercent: false, discount: '5' }
  const desk = { ...emptyRow(), name: 'Desk', price: '300', tax: '20' }
  assert.deepEqual(saidOf([desk, changed], [chair]), [
    { productName: 'Desk', price: '300', quantity: '1', taxRate: '20', discountTypeId: 2, discountRate: '0', sort: 10 },
    { id: 7, ...KEPT, productName: 'Chair', price: '80', quantity: '4', taxRate: '', sort: 20, discountTypeId: 1, discountSum: '5' },
  ])
  assert.deepEqual(saidOf([chair], [chair]), [{ id: 7, ...KEPT, productName: 'Chair', price: '80', quantity: '3', taxRate: '', sort: 10 }])
  assert.equal(isSame([{ ...chair }], [chair]), true)
  assert.equal(isSame([changed], [chair]), false)
})
