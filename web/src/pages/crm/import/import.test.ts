import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Descriptor, type Field, fieldsOf } from '../fields'
import { KINDS, LEAD } from '../kinds.sample'
import { type Names, put } from '../names'
import { match } from './match'
import { decode, parse } from './read'
import { type Answer, BATCH, type Plan, type Progress, Unanswered, run } from './run'
import { type Found, WrongCell, date, number, sought, valueOf } from './values'

const said = (type: string, more: Partial<Descriptor> = {}): Descriptor => ({
  type, isRequired: false, isReadOnly: false, isImmutable: false, isMultiple: false, isDynamic: false, title: type, ...more,
})
const FIELDS = fieldsOf(LEAD, KINDS, {
  TITLE: said('string', { title: 'Lead title', isRequired: true }),
  STATUS_ID: said('crm_status', { statusType: 'STATUS' }),
  OPPORTUNITY: said('double'),
  OPENED: said('char'),
  BIRTHDATE: said('date'),
  COMPANY_ID: said('crm_company', { title: 'Company' }),
  ASSIGNED_BY_ID: said('user', { title: 'Responsible' }),
  PHONE: said('crm_multifield', { isMultiple: true }),
  UF_CRM_COLOR: said('enumeration', { isMultiple: true, items: [{ ID: '1', VALUE: 'Red' }, { ID: '2', VALUE: 'Blue' }] }),
})
const field = (code: string): Field => FIELDS.find(one => one.code === code)!
const names: Names = new Map()
put(names, 'STATUS', 'IN_PROCESS', 'In progress')
const found: Found = new Map([[sought('company', 'Nordlicht'), ['7']], [sought('user', 'Ada Berg'), ['2', '3']]])

const bytes = (text: string, encode: (code: number) => number[]) => Uint8Array.from([...text].flatMap(letter => encode(letter.codePointAt(0)!)))

test('every encoding that spreadsheets write is read', () => {
  const text = 'Имя,Ёж'
  assert.equal(decode(new TextEncoder().encode(text)), text)
  assert.equal(decode(new TextEncoder().encode(`\ufeff${text}`)), text)
  assert.equal(decode(bytes(`\ufeff${text}`, code => [code & 255, code >> 8])), text)
  assert.equal(decode(bytes(`\ufeff${text}`, code => [code >> 8, code & 255])), text)
  const cp1251 = (code: number) => [code === 0x401 ? 0xa8 : code >= 0x410 && code <= 0x44f ? code - 0x350 : code]
  assert.equal(decode(bytes(text, cp1251)), text)
})

test('every delimiter is found, quotes hold line breaks, and rows are as long as the heading', () => {
  for (const mark of [',', ';', '\t']) {
    const text = `Title${mark}Note\r\n"a${mark} b"${mark}"two\nlines ""so"""\r\n\r\nshort\r\n`
    assert.deepEqual(parse(text), { headers: ['Title', 'Note'], rows: [[`a${mark} b`, 'two\nlines "so"'], ['short', '']] })
  }
  assert.deepEqual(parse("a,b\n'+49 30,'-5\n").rows, [['+49 30', '-5']])
})

test('columns are matched by code and title, and as they were before', () => {
  assert.deepEqual(match(['lead title', 'PHONE', 'x', 'TITLE'], FIELDS, {}), ['TITLE', 'PHONE', '', ''])
  assert.deepEqual(match(['x', 'PHONE'], FIELDS, { x: 'TITLE', PHONE: '' }), ['TITLE', ''])
})

test('cells become values', () => {
  const value = (code: string, cell: string) => valueOf(field(code), cell, names, found)
  assert.equal(value('STATUS_ID', 'in PROGRESS'), 'IN_PROCESS')
  assert.equal(value('STATUS_ID', 'IN_PROCESS'), 'IN_PROCESS')
  assert.equal(value('OPENED', 'да'), 'Y')
  assert.deepEqual(value('UF_CRM_COLOR', 'Red; Blue'), ['1', '2'])
  assert.deepEqual(value('PHONE', '+1; +2'), [{ VALUE: '+1', VALUE_TYPE: 'WORK' }, { VALUE: '+2', VALUE_TYPE: 'WORK' }])
  assert.deepEqual(['Nordlicht', '#8', '9'].map(cell => value('COMPANY_ID', cell)), ['7', '8', '9'])
  const why = (code: string, cell: string) => {
    try {
      return value(code, cell)
    } catch (error) {
      return (error as WrongCell).wrong.why
    }
  }
  assert.equal(why('OPPORTUNITY', 'much'), 'wrong-number')
  assert.equal(why('COMPANY_ID', 'Nobody'), 'wrong-link')
  assert.equal(why('ASSIGNED_BY_ID', 'Ada Berg'), 'wrong-several')
  assert.equal(why('BIRTHDATE', '31.02.2026'), 'wrong-date')
  assert.equal(why('STATUS_ID', 'Nowhere'), 'wrong-choice')
  assert.equal(why('OPENED', 'perhaps'), 'wrong-flag')
})

test('numbers and dates are read as people write them', () => {
  assert.deepEqual(['1 234,5', '1,234.50', '1.234.567', '-5', '+5', ',5', '12.', '1,2,3'].map(number), ['1234.5', '1234.50', '1234567', '-5', '5', '0.5', '12.0', '123'])
  assert.deepEqual(['', '-', 'a1', '1e5'].map(number), [undefined, undefined, undefined, undefined])
  assert.deepEqual(['1.2.2026', '31.12.2026 9:05', '2026-12-31', '2026-12-31T09:05:00+03:00'].map(date), ['2026-02-01', '2026-12-31T09:05', '2026-12-31', '2026-12-31T09:05:00+03:00'])
  assert.deepEqual(['12/31/2026', '2026-13-01', '30.02.2026'].map(date), [undefined, undefined, undefined])
})

interface Sent { batches: string[][], progress: Progress }

/** An import of titles, of which "bad" ones are refused; `answers` are given when the connection is lost. */
async function imported(titles: string[], { lost = [] as number[], answers = [] as Answer[], cancelAfter = Infinity, keys = false } = {}): Promise<Sent> {
  const progress: Progress = { done: 0, added: 0, refused: [] }
  const batches: string[][] = []
  const plan: Plan = { rows: titles.map(title => [title, title]), fields: [field('TITLE'), keys ? field('PHONE') : undefined], required: [field('TITLE')], names, skipDuplicates: keys }
  await run(plan, {
    look: async () => found,
    exists: async asked => asked.map(mine => mine.includes('+100')),
    add: async records => {
      batches.push(records.map(record => String(record.TITLE)))
      if (lost.includes(batches.length)) throw new Unanswered()
      return records.map(record => (record.TITLE === 'bad' ? 'Refused' : undefined))
    },
  }, progress, () => batches.length < cancelAfter, async () => answers.shift()!)
  return { batches, progress }
}

test('rows go out fifty at a time, and each refusal keeps its row', async () => {
  const titles = Array.from({ length: 2 * BATCH + 1 }, (_, at) => (at === 60 ? 'bad' : at === 3 ? '' : `t${at}`))
  const { batches, progress } = await imported(titles)
  assert.deepEqual(batches.map(batch => batch.length), [BATCH - 1, BATCH, 1])
  assert.deepEqual([progress.done, progress.added], [101, 99])
  assert.deepEqual(progress.refused.map(one => [one.row, one.why]), [[4, { why: 'missing', value: '', field: 'Lead title' }], [61, { said: 'Refused' }]])
})

test('nothing is sent twice unless somebody says so', async () => {
  const titles = Array.from({ length: BATCH + 1 }, (_, at) => `t${at}`)
  const on = await imported(titles, { lost: [1], answers: ['on'] })
  assert.deepEqual([on.batches.length, on.progress.added, on.progress.refused.length], [2, 1, BATCH])
  const again = await imported(titles, { lost: [1], answers: ['again'] })
  assert.deepEqual([again.batches.length, again.progress.added, again.progress.refused.length], [3, BATCH + 1, 0])
  const stop = await imported(titles, { lost: [1], answers: ['stop'] })
  assert.deepEqual([stop.batches.length, stop.progress.done, stop.progress.refused.length], [1, BATCH, BATCH])
  assert.equal((await imported(titles, { cancelAfter: 1 })).progress.done, BATCH)
})

test('phones that are there, or came before in the file, are skipped', async () => {
  const { batches, progress } = await imported(['+100', '+2 00', '+2-00', '+300'], { keys: true })
  assert.deepEqual(batches, [['+2 00', '+300']])
  assert.deepEqual(progress.refused.map(one => [one.row, (one.why as { why: string }).why]), [[1, 'duplicate'], [3, 'duplicate']])
})
