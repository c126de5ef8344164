import assert from 'node:assert/strict'
import { test } from 'node:test'
import { address, masked, reachable, request } from './request.ts'
import type { Row } from './rows.ts'

const BASE = 'https://portal.example/rest/1/173glortu42lvpju/'
const nasty: Row[] = [['fields[TITLE]', 'A&B = 100% #1 + "q" \'s\' Ünï 😀\n'], ['filter[>=DATE]', '2026-01-01T00:00:00+03:00'], ['a b', '']]

test('the address reads well and means what was typed', () => {
  const url = address(BASE, 'crm.lead.list', 'json', nasty)
  assert.ok(url.startsWith(`${BASE}crm.lead.list.json?fields[TITLE]=A%26B%20%3D%20100%25%20%231%20%2B%20%22q%22`))
  assert.ok(url.includes('&filter[%3E%3DDATE]=2026-01-01T00:00:00%2B03:00&a%20b='))
  assert.deepEqual([...new URL(url).searchParams], nasty)
})

test('half a character is no crash', () => {
  assert.ok(address(BASE, 'profile', 'json', [['a', '\ud83d']]).endsWith('a=%EF%BF%BD'))
})

test('each way carries the same parameters', () => {
  const wanted = { method: 'crm.lead.add', rows: nasty, format: 'json' as const }
  const get = request(BASE, { ...wanted, way: 'get' })
  assert.equal(get.verb, 'GET')
  assert.equal(get.body, undefined)
  const form = request(BASE, { ...wanted, way: 'form' })
  assert.equal(form.url, `${BASE}crm.lead.add.json`)
  assert.deepEqual([...new URLSearchParams(form.body)], nasty)
  const json = request(BASE, { ...wanted, way: 'json' })
  assert.deepEqual(JSON.parse(json.body ?? ''), {
    fields: { TITLE: nasty[0]?.[1] }, filter: { '>=DATE': '2026-01-01T00:00:00+03:00' }, 'a b': ''
  })
})

test('typed JSON keeps its types, and becomes rows where it must', () => {
  const wanted = { method: 'm', rows: [], format: 'xml' as const, json: { id: 5, on: true } }
  assert.equal(request(BASE, { ...wanted, way: 'json' }).body, '{"id":5,"on":true}')
  assert.equal(request(BASE, { ...wanted, way: 'get' }).url, `${BASE}m.xml?id=5&on=1`)
})

test('a method cannot leave its folder', () => {
  assert.equal(address(BASE, '../2/x?y', 'json'), `${BASE}..%2F2%2Fx%3Fy.json`)
})

test('the code is hidden, and the request stays on this site', () => {
  assert.equal(masked(`${BASE}profile.json?a=1`), 'https://portal.example/rest/1/****************/profile.json?a=1')
  assert.equal(reachable(BASE, 'http://localhost:5173'), 'http://localhost:5173/rest/1/173glortu42lvpju/')
})
