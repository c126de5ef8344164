import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, indent, note, read, size } from './answer.ts'

const json = (text: string): Answer =>
  ({ status: 200, took: 1, bytes: text.length, headers: [['content-type', 'application/json; charset=utf-8']], text })

test('a list tells how much of it there is', () => {
  assert.deepEqual(read(json('{"result":[1,2],"total":120,"next":50}')).page, { total: 120, next: 50, rows: 2 })
  assert.deepEqual(read(json('{"result":{"items":[1]},"total":1}')).page, { total: 1, rows: 1 })
  assert.equal(read(json('{"result":{"ID":"1"}}')).page, undefined)
})

test('an error is one even when its code is empty', () => {
  assert.deepEqual(read(json('{"error":"","error_description":"Not found"}')).error, { code: '', text: 'Not found' })
  assert.equal(read(json('{"result":true}')).error, undefined)
})

test('what is no JSON is left as it is', () => {
  assert.deepEqual(read(json('<html>')), {})
  assert.deepEqual(read({ ...json('{"error":"X"}'), headers: [['content-type', 'text/xml']] }), {})
})

test('known errors have a note', () => {
  assert.equal(note({ code: 'insufficient_scope', text: '' }), 'insufficient_scope')
  assert.equal(note({ code: 'ACCESS_DENIED', text: 'Access denied! Application context required' }), 'application')
  assert.equal(note({ code: 'ACCESS_DENIED', text: 'REST is available only by subscription.' }), 'licence')
  assert.equal(note({ code: '', text: 'Access denied.' }), 'denied')
  assert.equal(note({ code: '', text: "Parameter 'fields' must be array." }), 'parameters')
  assert.equal(note({ code: '100', text: 'Could not find value for parameter {id}' }), 'parameters')
  assert.equal(note({ code: 'SOMETHING', text: '' }), undefined)
})

test('sizes are told in fitting units', () => {
  assert.deepEqual(size(999), { value: 999, unit: 'byte' })
  assert.deepEqual(size(1200), { value: 1.2, unit: 'kilobyte' })
  assert.deepEqual(size(2_500_000), { value: 2.5, unit: 'megabyte' })
})

test('XML is indented, and its text untouched', () => {
  const xml = '<?xml version="1.0"?><response><result><ID>7</ID><NAME>A &gt; B</NAME><EMPTY/><NONE></NONE></result></response>'
  assert.equal(indent(xml), [
    '<?xml version="1.0"?>', '<response>', '  <result>', '    <ID>7</ID>', '    <NAME>A &gt; B</NAME>', '    <EMPTY/>', '    <NONE></NONE>', '  </result>', '</response>'
  ].join('\n'))
})
