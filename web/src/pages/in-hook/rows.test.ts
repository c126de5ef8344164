import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf, parse, path, toJson, toRows, withRow } from './rows.ts'

test('names are read as PHP reads them', () => {
  assert.deepEqual(path('ID'), ['ID'])
  assert.deepEqual(path('fields[PHONE][0][VALUE]'), ['fields', 'PHONE', '0', 'VALUE'])
  assert.deepEqual(path('select[]'), ['select', ''])
  assert.deepEqual(path('filter[>DATE_CREATE]'), ['filter', '>DATE_CREATE'])
  assert.deepEqual(path('broken[key'), ['broken[key'])
  assert.deepEqual(path('[x]'), ['[x]'])
  assert.equal(nameOf(path('fields[PHONE][0][VALUE]')), 'fields[PHONE][0][VALUE]')
})

test('rows become the object they stand for', () => {
  const json = toJson([
    ['ID', '42'],
    ['fields[TITLE]', 'A & B'],
    ['fields[PHONE][0][VALUE]', '555'],
    ['fields[PHONE][0][VALUE_TYPE]', 'WORK'],
    ['select[]', 'ID'],
    ['select[]', 'NAME'],
    ['', 'nothing']
  ])
  assert.deepEqual(json, {
    ID: '42',
    fields: { TITLE: 'A & B', PHONE: [{ VALUE: '555', VALUE_TYPE: 'WORK' }] },
    select: ['ID', 'NAME']
  })
})

test('a list with a gap is an object, and a later row wins over an earlier', () => {
  assert.deepEqual(toJson([['a[0]', 'x'], ['a[2]', 'y']]), { a: { 0: 'x', 2: 'y' } })
  assert.deepEqual(toJson([['a[5]', 'x'], ['a[]', 'y']]), { a: { 5: 'x', 6: 'y' } })
  assert.deepEqual(toJson([['a', 'x'], ['a[b]', 'y']]), { a: { b: 'y' } })
  assert.deepEqual(toJson([['0', 'x'], ['1', 'y']]), { 0: 'x', 1: 'y' })
})

test('no name is special', () => {
  const json = toJson([['__proto__[x]', '1']])
  assert.deepEqual(Object.keys(json), ['__proto__'])
  assert.equal(({} as { x?: string }).x, undefined)
})

test('an object becomes rows, and they become it again', () => {
  const json = { id: 5, on: true, off: false, none: null, fields: { EMAIL: [{ VALUE: 'a@b' }] }, select: ['ID', 'UF_*'], empty: [] }
  const rows = toRows(json)
  assert.deepEqual(rows, [
    ['id', '5'], ['on', '1'], ['off', '0'], ['none', ''], ['fields[EMAIL][0][VALUE]', 'a@b'], ['select[]', 'ID'], ['select[]', 'UF_*']
  ])
  assert.deepEqual(toRows(toJson(rows)), rows)
})

test('only objects are parameters', () => {
  assert.deepEqual(parse('{"a":1}'), { json: { a: 1 } })
  assert.deepEqual(parse('  '), { json: {} })
  for (const text of ['[1]', '5', 'null', '{"a":']) assert.ok('error' in parse(text), text)
})

test('setting a row changes the one that is there, whatever its case', () => {
  assert.deepEqual(withRow([['START', '0'], ['a', 'b']], 'start', '50'), [['START', '50'], ['a', 'b']])
  assert.deepEqual(withRow([['a', 'b']], 'start', '50'), [['a', 'b'], ['start', '50']])
})
