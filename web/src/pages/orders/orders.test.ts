import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priceOf } from '../catalog/catalog.ts'
import { type Order, owed, unshipped } from './orders.ts'

const order: Order = {
  id: 1, accountNumber: '1', statusId: 'N', price: 10.3, taxValue: 0, currency: 'EUR', payed: 'N', deducted: 'N', canceled: 'N', dateInsert: '', personTypeId: 1, userDescription: '', comments: '',
  basketItems: [{ id: 7, name: 'Chair', price: 5.15, quantity: 2, measureName: null, currency: 'EUR' }, { id: 8, name: 'Lamp', price: 0, quantity: 1, measureName: null, currency: 'EUR' }],
  payments: [{ id: 1, accountNumber: '1/1', paySystemId: 3, paySystemName: 'Cash', sum: 10.1, currency: 'EUR', paid: 'N' }],
  shipments: [{ id: 1, accountNumber: '1/1', deliveryId: 2, deliveryName: 'Courier', priceDelivery: 0, currency: 'EUR', allowDelivery: 'Y', deducted: 'N', trackingNumber: '', shipmentItems: [{ basketId: 7, quantity: 1 }, { basketId: 8, quantity: 1 }] }],
}

test('prices may be nothing, and have at most four digits behind the point', () => {
  assert.deepEqual(['12', '0', '0,5', '1.23456', '-1', 'x', ''].map(priceOf), [12, 0, 0.5, undefined, undefined, undefined, undefined])
})

test('what is owed is counted in cents', () => {
  assert.equal(owed(order), 0.2)
  assert.equal(owed({ ...order, price: 5 }), 0)
})

test('what is in no shipment is left', () => {
  assert.deepEqual([...unshipped(order)], [[7, 1]])
})
