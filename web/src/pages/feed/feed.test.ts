import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Post } from './calls'
import { draftOf, isEmpty, someOf, toOf } from './feed'

const POST = { title: null, text: 'Hello', recipients: [{ code: 'U2', name: 'Ines' }], important: true } as unknown as Post

test('some recipients are named and the others counted, but never just one', () => {
  assert.deepEqual(someOf([1, 2, 3], 2), { shown: [1, 2, 3], more: 0 })
  assert.deepEqual(someOf([1, 2, 3, 4], 2), { shown: [1, 2], more: 2 })
})

test('a post is for everybody unless somebody is named', () => {
  assert.deepEqual(toOf([]), ['UA'])
  assert.deepEqual(toOf(['SG1']), ['SG1'])
})

test('what a post says is changed', () => {
  assert.deepEqual(draftOf(POST), { title: '', text: 'Hello', to: ['U2'], important: true, tags: '' })
  assert.deepEqual(draftOf().to, [])
})

test('a draft without anything in it is known', () => {
  assert.equal(isEmpty(draftOf(), []), true)
  assert.equal(isEmpty({ ...draftOf(), text: ' x' }, []), false)
})
