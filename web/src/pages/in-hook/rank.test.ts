import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rank } from './rank.ts'

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
].map(([method = '', about = '', scope = '']) => ({ method, about, scope }))

const names = (query: string) => rank(methods, query).map(one => one.method)

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
  assert.equal(rank(methods, 'crm', 2).length, 2)
  assert.deepEqual(names('...'), [])
})
