import assert from 'node:assert/strict'
import { test } from 'node:test'

import { kindOf, sizeOf } from './files'

test('sizes are said for people', () => {
  const said = [0, 1023, 1024, 1536, 10_485_760, 1_073_741_824].map(bytes => sizeOf(bytes, 'en'))
  assert.deepEqual(said, ['0 B', '1,023 B', '1 KB', '1.5 KB', '10 MB', '1 GB'])
})

test('pictures and texts are looked at, and nothing else', () => {
  const kinds = ['a.PNG', 'a.svg', 'notes.md', 'a.exe', 'noending'].map(NAME => kindOf({ NAME, SIZE: '5' }))
  assert.deepEqual(kinds, ['image', 'text', 'text', undefined, undefined])
  assert.equal(kindOf({ NAME: 'a.png', SIZE: '99999999' }), undefined)
})
