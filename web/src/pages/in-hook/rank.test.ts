import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder, rank } from './rank.ts'

const methods = [
  ['batch', 'Runs up to 50 calls as one request.', ''],
  ['crm.company.contact.items.get', 'Lists the contacts of a company.', 'crm'],
  ['crm.contact.add', 'Adds a contact.', 'crm'],
  ['crm.contact.list', 'Lists contacts.', 'crm'],
  ['crm.contact.company.items.list', 'Lists companies.', 'crm'],
  ['crm.deal.update', 'Changes a deal.', 'crm'],
  ['crm.duplicate.findbycomm', 'Finds leads, contacts and companies by phone or e-mail.', 'crm'],
  ['department.get', 'Lists departments.', 'department'],
  ['user.get', 'Lists users.', 'user']
].map(([method = '', about = '', scope = '']) => ({ method, about, scope: scope || null }))

const names = (query: string) => rank(inOrder(methods, ['lead', 'deal', 'contact', 'company']), query).map(one => one.method)

test('a name is found by its words', () => {
  assert.equal(names('contact list')[0], 'crm.contact.list')
  assert.equal(names('contact.list')[0], 'crm.contact.list')
  assert.equal(names('deal upd')[0], 'crm.deal.update')
})

test('an exact name is first, then what begins so', () => {
  assert.equal(names('user.get')[0], 'user.get')
  assert.deepEqual(names('crm.contact').slice(0, 2), ['crm.contact.add', 'crm.contact.list'])
})

test('words of the description find a method', () => {
  assert.deepEqual(names('phone'), ['crm.duplicate.findbycomm'])
  assert.deepEqual(names('find by mail'), ['crm.duplicate.findbycomm'])
})

test('what matches nothing is not listed, and nothing typed lists all', () => {
  assert.deepEqual(names('zebra'), [])
  assert.equal(names('').length, methods.length)
  assert.deepEqual(names('...'), [])
})

test('CRM comes first, by its entities, and what is open to all last', () => {
  assert.deepEqual(names(''), [
    'crm.deal.update', 'crm.contact.add', 'crm.contact.list', 'crm.contact.company.items.list', 'crm.company.contact.items.get',
    'crm.duplicate.findbycomm', 'user.get', 'department.get', 'batch'
  ])
})

test('what still fits stays in its order while one types on', () => {
  const [short, long] = [names('crm.contact'), names('crm.contact.')]
  assert.deepEqual(short.filter(name => long.includes(name)), long)
})
