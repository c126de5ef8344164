import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOf } from './agent'

test('browsers are told apart although each claims to be the others', () => {
  assert.equal(browserOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'), 'Chrome, Linux')
  assert.equal(browserOf('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'), 'Edge, Windows')
  assert.equal(browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) AppleWebKit/605 Version/18 Safari/604'), 'Safari, iOS')
  assert.equal(browserOf('curl/8.5'), 'curl/8.5')
  assert.equal(browserOf(null), '')
})
