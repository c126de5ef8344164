import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Field, draftOf, isoOf, saidOf, shownOf } from './fields'

const field = (FIELD_ID: string, TYPE: string, more: Partial<Field> = {}): Field =>
  ({ FIELD_ID, TYPE, NAME: FIELD_ID, SORT: 10, IS_REQUIRED: 'N', MULTIPLE: 'N', DEFAULT_VALUE: '', ...more })
const FIELDS = [
  field('NAME', 'NAME'), field('PROPERTY_2', 'S', { MULTIPLE: 'Y' }), field('PROPERTY_3', 'L', { DISPLAY_VALUES_FORM: { 1: 'On loan' }, DEFAULT_VALUE: '1' }),
  field('PROPERTY_4', 'S:DateTime'), field('PROPERTY_5', 'F'), field('PROPERTY_6', 'N:Sequence'),
]
const ELEMENT: Record<string, unknown> = {
  NAME: 'Drill', PROPERTY_2: { 1: 'a', 2: 'b' }, PROPERTY_3: { 3: '1' }, PROPERTY_4: { 4: '12/31/2026 06:05:00 pm' }, PROPERTY_5: { 5: '7' }, PROPERTY_6: { 6: '1' },
}

test('moments of the portal are read in both forms', () => {
  const said = ['12/31/2026 12:00:00 am', '31.12.2026 18:05:00', '31.12.2026', '2026-12-31T18:05:00+03:00']
  assert.deepEqual(said.map(isoOf), ['2026-12-31T00:00', '2026-12-31T18:05', '2026-12-31', '2026-12-31T18:05'])
})

test('choices are shown by their texts and several values in a row', () => {
  assert.deepEqual(FIELDS.map(one => shownOf(one, ELEMENT[one.FIELD_ID])), ['Drill', 'a, b', 'On loan', '12/31/2026 06:05:00 pm', '7', '1'])
})

test('all that an element holds is sent but files and what the server fills', () => {
  const draft = draftOf(FIELDS, ELEMENT)
  assert.deepEqual(draft.PROPERTY_4, ['2026-12-31T18:05'])
  draft.PROPERTY_2 = ['c', '']
  assert.deepEqual(saidOf(FIELDS, draft, ELEMENT), { NAME: 'Drill', PROPERTY_2: ['c'], PROPERTY_3: '1', PROPERTY_4: '2026-12-31T18:05' })
  assert.deepEqual(draftOf(FIELDS, undefined).PROPERTY_3, ['1'])
})
