import assert from 'node:assert/strict'
import { test } from 'node:test'
import { list, wrong } from './networks.ts'

test('addresses and networks of both families are taken', () => {
  assert.deepEqual(wrong('10.0.0.7, 10.1.0.0/16\n2001:db8::/32 ::1'), [])
  assert.deepEqual(list(' a\n\n b,c '), ['a', 'b', 'c'])
})

test('everything else is named', () => {
  assert.deepEqual(wrong('10.0.0.256 10.0.0.0/33 example.com ::1/129 1.2.3 10.0.0.0/8/8 12:zz'),
    ['10.0.0.256', '10.0.0.0/33', 'example.com', '::1/129', '1.2.3', '10.0.0.0/8/8', '12:zz'])
})
