import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Record_ } from './form.ts'
import { type Asked, everyPage } from './whole.ts'

/** A list of numbers from 1 on, as crm.*.list gives it. */
const server = (last: number) => async ({ filter, order }: Asked): Promise<Record_[]> => {
  const all = Array.from({ length: last }, (_, at) => at + 1)
    .filter(id => id > Number(filter['>ID'] ?? 0) && id < Number(filter['<ID'] ?? Infinity))
  return (order.ID === 'ASC' ? all : all.reverse()).slice(0, 3).map(id => ({ ID: String(id) }))
}

async function read(last: number, filter = {}, down = false, most = Infinity): Promise<number[]> {
  const ids: number[] = []
  await everyPage(server(last), filter, down, 3, async records => {
    ids.push(...records.map(record => Number(record.ID)))
    return ids.length < most
  })
  return ids
}

test('every record is read once, in either direction', async () => {
  for (const last of [0, 1, 3, 4, 9]) {
    const all = Array.from({ length: last }, (_, at) => at + 1)
    assert.deepEqual(await read(last), all)
    assert.deepEqual(await read(last, {}, true), all.toReversed())
  }
})

test('bounds of the filter hold, and reading can be ended', async () => {
  assert.deepEqual(await read(9, { '>ID': 2, '<ID': 8 }), [3, 4, 5, 6, 7])
  assert.deepEqual(await read(9, { '>ID': 2, '<ID': 8 }, true), [7, 6, 5, 4, 3])
  assert.deepEqual(await read(9, {}, false, 5), [1, 2, 3, 4, 5, 6])
})
