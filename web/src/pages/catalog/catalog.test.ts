import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountOf, isGoods, propertiesOf, storeName, valueOf } from './catalog.ts'

test('amounts have at most four digits behind the point', () => {
  assert.deepEqual(['12', '0,5', ' 1.2345 ', '1.23456', '0', '-1', 'x', ''].map(amountOf), [12, 0.5, 1.2345, undefined, undefined, undefined, undefined, undefined])
})

test('values of properties are read in every form', () => {
  assert.equal(valueOf({ value: 'Oak', valueId: '1' }), 'Oak')
  assert.equal(valueOf({ value: '2', valueId: '1', valueEnum: 'Walnut' }), 'Walnut')
  assert.equal(valueOf([{ value: 'a' }, null, { value: 'b' }]), 'a, b')
  assert.equal(valueOf({ value: { text: 'html', type: 'HTML' } }), 'html')
  assert.equal(valueOf(null), '')
})

test('services and products that gather variants lie in no store', () => {
  const of = (type: number) => isGoods({ id: 1, iblockId: 1, name: 'x', type, active: 'Y', quantity: null, quantityReserved: null })
  assert.deepEqual([1, 3, 4, 5, 6, 7].map(of), [true, false, true, true, false, false])
})

test('stores go by their title, or their address', () => {
  const stores = [{ id: 1, title: 'Main', address: 'x', active: 'Y' }, { id: 2, title: null, address: 'Hafenstr. 1', active: 'Y' }]
  assert.deepEqual([1, 2, 3, null].map(id => storeName(stores, id)), ['Main', 'Hafenstr. 1', '#3', ''])
})

test('properties are the fields with a number', () => {
  assert.deepEqual(propertiesOf({ id: { type: 'integer' }, property7: { type: 'productproperty', name: 'Color' } }), [{ name: 'property7', title: 'Color' }])
})
