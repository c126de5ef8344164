import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaint, remark } from './handler.ts'

test('what is no handler is named', () => {
  const told = ['', 'example.com', 'ftp://a.example', 'https://u:p@a.example/', `https://a.example/${'x'.repeat(2048)}`, 'https://a.example/h.php']
  assert.deepEqual(told.map(complaint), ['empty', 'url', 'scheme', 'credentials', 'long', undefined])
})

test('one\'s own network and plain http are remarked on, whatever the spelling', () => {
  for (const host of ['localhost', '127.1', '0x7f000001', '10.2.3.4', '192.168.0.1:8080', '172.31.0.1', '[::1]', '[fd00::1]', '[::ffff:10.0.0.1]', 'shop', 'nas.local']) {
    assert.equal(remark(`https://${host}/`), 'local', host)
  }
  for (const host of ['example.com', '8.8.8.8', '172.32.0.1', '[2001:db8::1]']) assert.equal(remark(`https://${host}/`), undefined, host)
  assert.equal(remark('http://example.com/'), 'plain')
  assert.equal(remark('nonsense'), undefined)
})
