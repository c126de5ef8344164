import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitting } from './columns'
import { DEAL } from './kinds.sample'

const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...DEAL, code: `k${at}` }))
const codes = (list: { code: string }[]) => list.map(one => one.code).join(' ')

test('every kind has a tab as long as they fit, and the current one always', () => {
  assert.equal(fitting(many(8), 'k0').hidden.length, 0)
  const { shown, hidden } = fitting(many(12), 'k9')
  assert.equal(codes(shown), 'k0 k1 k2 k3 k4 k5 k9')
  assert.equal(codes(hidden), 'k6 k7 k8 k10 k11')
  assert.equal(codes(fitting(many(12), 'k1').shown), 'k0 k1 k2 k3 k4 k5 k6')
})
