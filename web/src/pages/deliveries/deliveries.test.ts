import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kind } from '../../api/kinds'

import { narrows, query, read, sought } from './filter'
import type { Try } from '../../api/deliveries'
import { beside, curl, decoded, heights, object, parsed, quoted, standing, timeline } from './show'

test('the address holds the filter, and nothing that is not one', () => {
  const filter = read({ state: 'failed', event: ' ONCRMLEADADD ', page: '3', object: '', status: ['2xx'] })
  assert.deepEqual(filter, { state: 'failed', event: 'ONCRMLEADADD' })
  assert.equal(narrows(filter), true)
  assert.equal(narrows(read({ page: '2' })), false)
  assert.equal(query(filter, { before: 17, limit: null }), 'event=ONCRMLEADADD&state=failed&before=17')
  assert.equal(query({ since: '2026-11-23T10:00:00+03:00' }), 'since=2026-11-23T10%3A00%3A00%2B03%3A00')
})

test('a delivery that waits after a try is being retried', () => {
  assert.equal(standing('waiting', 0).text, 'waiting')
  assert.equal(standing('waiting', 2).text, 'retrying')
  assert.equal(standing('delivered', 3).tone, 'good')
  assert.equal(standing('failed', 7).tone, 'bad')
})

test('objects of the CRM are of a known kind', () => {
  const lead = { code: 'lead', address: 'lead' } as Kind
  assert.deepEqual(object('lead:17', [lead]), { kind: 'lead', id: '17', known: lead })
  assert.equal(object('user:3', [lead]).known, undefined)
  assert.equal(object('lead:x', [lead]).known, undefined)
  assert.deepEqual(object('test', [lead]), { kind: 'test', id: '', known: undefined })
})

test('curl sends the same, whatever is in it', () => {
  const text = curl({
    method: 'POST',
    url: "https://example.com/a?b=1&c='d'",
    headers: [['Content-Type', 'application/x-www-form-urlencoded'], ['Host', 'example.com'], ['x-sig', '$(id)']],
    body: 'event=ONCRMLEADADD&data%5BFIELDS%5D%5BID%5D=1',
  })
  assert.equal(
    text,
    "curl 'https://example.com/a?b=1&c='\\''d'\\''' \\\n" +
      "  --header 'Content-Type: application/x-www-form-urlencoded' \\\n" +
      "  --header 'x-sig: $(id)' \\\n" +
      "  --data-raw 'event=ONCRMLEADADD&data%5BFIELDS%5D%5BID%5D=1'",
  )
  assert.equal(quoted('plain-1.2'), 'plain-1.2')
  assert.equal(quoted(''), "''")
})

test('a body is read as the handler reads it', () => {
  assert.deepEqual(decoded('event=X&data%5BFIELDS%5D%5BID%5D=1&a=b+c'), [
    ['event', 'X'],
    ['data[FIELDS][ID]', '1'],
    ['a', 'b c'],
  ])
})

test('j and k go to the rows beside', () => {
  const rows = [{ id: 9 }, { id: 7 }, { id: 4 }]
  assert.deepEqual(beside(rows, 7), { previous: 9, next: 4 })
  assert.deepEqual(beside(rows, 9), { previous: null, next: 7 })
  assert.deepEqual(beside(rows, 5), { previous: null, next: null })
})

test('one failure among a million can be seen', () => {
  const none = { delivered: 0, failed: 0, cancelled: 0, open: 0 }
  const { failed, delivered, open } = heights({ ...none, delivered: 1_000_000, failed: 1, open: 1 }, 1_000_002, 40)
  assert.ok(failed >= 2 && open >= 2 && failed + delivered + open <= 40)
  assert.deepEqual(heights(none, 0, 40), none)
})

test('tries and what people did stand in one line of time', () => {
  const tries = [{ number: 1, started: '2026-11-23T10:00:00+03:00' }, { number: 2, started: '2026-11-23T09:00:00Z' }]
  const actions = [{ action: 'replayed' as const, at: '2026-11-23T08:00:00Z', by: null }]
  const told = timeline(tries as Try[], actions).map(one => ('action' in one ? one.action : one.number))
  assert.deepEqual(told, [1, 'replayed', 2])
})

test('an answer is shown as JSON only where folding it helps', () => {
  assert.deepEqual(parsed('{"ok":true}'), { ok: true })
  for (const answer of [null, '', 'ok', '17', 'null', '{"cut off']) assert.equal(parsed(answer), undefined)
})

test('objects and events are found as people write them', () => {
  const words = { lead: 'Лид', deal: 'Сделка', smart_invoice: 'Новый счёт' }
  const typed = ['lead:17', 'Lead 17', 'лид №17', 'lead #17'].map(text => sought(text, words))
  assert.deepEqual(typed, Array(4).fill({ object: 'lead:17' }))
  assert.deepEqual(sought('новый счёт 5', words), { object: 'smart_invoice:5' })
  assert.deepEqual(sought('onCrmLeadAdd', words), { event: 'ONCRMLEADADD' })
  assert.deepEqual(['quote 5', 'refused', ''].map(text => sought(text, words).search), ['quote 5', 'refused', ''])
})
