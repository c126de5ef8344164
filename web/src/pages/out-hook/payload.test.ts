import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curl, encode, pairs } from './payload.ts'

const sender = { baseUrl: 'https://portal.example.org', token: 'k3v9' }

test('the body is as the server sends it', () => {
  const all = pairs({ name: 'ONCRMLEADADD', data: { FIELDS: { ID: 365 } } }, 17, 1760954322, sender)
  assert.equal(encode(all), 'event=ONCRMLEADADD&event_handler_id=17&data%5BFIELDS%5D%5BID%5D=365&ts=1760954322'
    + '&auth%5Bdomain%5D=portal.example.org&auth%5Bclient_endpoint%5D=https%3A%2F%2Fportal.example.org%2Frest%2F'
    + '&auth%5Bserver_endpoint%5D=https%3A%2F%2Fportal.example.org%2Frest%2F'
    + '&auth%5Bmember_id%5D=0123456789abcdef0123456789abcdef&auth%5Bapplication_token%5D=k3v9')
})

test('what is empty leaves no pair, and flags are numbers', () => {
  const all = pairs({ name: 'E', data: { A: null, B: [], C: true, D: ['x'] } }, 1, 2, sender)
  assert.deepEqual(all.slice(2, 4), [['data[C]', '1'], ['data[D][0]', 'x']])
})

test('a command survives quotes', () => {
  assert.equal(curl("https://a.example/?q='", [['a', "it's"]]),
    "curl 'https://a.example/?q='\\''' \\\n  --user-agent 'Bitrix24 Webhook Engine' \\\n  --data-raw 'a=it%27s'")
})
