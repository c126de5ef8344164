import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialog, Key, Message, Messages } from '../../api/messages'
import { pieces, safe } from './text'
import { isDeleted, isSeen, keyboard, likes, lines, merged, withOlder } from './thread'

const message = (id: number, more: Partial<Message> = {}): Message => ({ id, author_id: 1, date: '2026-11-29T10:00:00+00:00', text: `${id}`, unread: false, params: [], ...more })
const page = (...ids: number[]): Messages => ({ chat_id: 1, messages: ids.map(id => message(id)), users: [], files: [] })
const ids = (messages: Message[]) => messages.map(one => one.id)

test('tags are styles, links and mentions', () => {
  assert.deepEqual(pieces('[b]Hi[/b] [USER=5]Ines[/USER], see [url=https://a.b/c]this[/url]'), [
    { text: 'Hi', bold: true },
    { text: ' ' },
    { text: 'Ines', mention: true },
    { text: ', see ' },
    { text: 'this', href: 'https://a.b/c' }
  ])
  assert.deepEqual(pieces('[url]https://a.b[/url]'), [{ text: 'https://a.b', href: 'https://a.b' }])
})

test('addresses in a text are links, without the point behind them', () => {
  assert.deepEqual(pieces('See https://a.b/c?d=1.'), [{ text: 'See ' }, { text: 'https://a.b/c?d=1', href: 'https://a.b/c?d=1' }, { text: '.' }])
})

test('nothing that could run is a link', () => {
  assert.equal(safe('javascript:alert(1)'), undefined)
  assert.equal(safe('//evil.example'), undefined)
  assert.equal(safe('/crm/deal/1/'), '/crm/deal/1/')
  assert.deepEqual(pieces('[url=javascript:alert(1)]x[/url]'), [{ text: 'x' }])
  assert.deepEqual(pieces('<img src=x> [nonsense]'), [{ text: '<img src=x> [nonsense]' }])
})

test('a page replaces what it covers and keeps what was read before', () => {
  assert.deepEqual(ids(merged([message(1), message(2), message(3), message(4)], page(5, 4, 3))), [1, 2, 3, 4, 5])
  assert.deepEqual(ids(merged([message(1), message(3), message(4)], page(4, 2))), [1, 2, 4], '3 was deleted')
  assert.deepEqual(ids(merged([message(1)], page())), [])
  assert.deepEqual(ids(withOlder([message(5)], page(5, 4, 3))), [3, 4, 5])
})

test('authors are named once for what they say in a row', () => {
  const all = [
    message(1),
    message(2, { date: '2026-11-29T10:01:00+00:00' }),
    message(3, { date: '2026-11-29T10:02:00+00:00', author_id: 2, unread: true }),
    message(4, { date: '2026-11-30T10:02:00+00:00', author_id: 2, unread: true })
  ]
  const shown = lines(all, iso => iso.slice(0, 10))
  assert.deepEqual(shown.map(line => line.named), [true, false, true, true])
  assert.deepEqual(shown.map(line => line.day), ['2026-11-29', undefined, undefined, '2026-11-30'])
  assert.deepEqual(shown.map(line => line.first), [false, false, true, false])
})

test('buttons stand in rows, and those for a whole line alone', () => {
  const key = (TEXT: string, DISPLAY = 'LINE'): Key => ({ TYPE: 'BUTTON', TEXT, DISPLAY })
  const shown = keyboard(message(1, { params: { KEYBOARD: [key('a'), key('b'), key('c', 'BLOCK'), key('d'), { TYPE: 'NEWLINE' }, key('e')] } }))
  assert.deepEqual(shown.map(row => row.map(one => one.TEXT)), [['a', 'b'], ['c'], ['d'], ['e']])
  assert.deepEqual(keyboard(message(1)), [])
})

test('what parameters say', () => {
  assert.deepEqual(likes(message(1, { params: { LIKE: [2] } })), [2])
  assert.deepEqual(likes(message(1)), [])
  assert.equal(isDeleted(message(1, { params: { IS_DELETED: 'Y' } })), true)
  const dialog = { readed_list: [{ user_id: 2, user_name: '', message_id: 3 }] } as unknown as Dialog
  assert.deepEqual([3, 4].map(id => isSeen(dialog, message(id))), [true, false])
})
