import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scenario } from '../hook/api'
import { find, sectionsUsableFirst, target, usableFirst } from './find'

const scenario = (code: string, more: Partial<Scenario> = {}): Scenario =>
  ({ code, kind: 'in-hook', method: 'crm.lead.add', params: [], scopes: [], events: [], admin_only: false, needs: null, inbound: true, outbound: false, ...more })

const sections = [
  { code: 'external', scenarios: [scenario('lead-add', { admin_only: true }), scenario('contact-sync', { method: 'crm.contact.get', events: ['ONCRMCONTACTUPDATE'] })] },
  { code: 'widget', scenarios: [scenario('x', { needs: 'application' })] }
]
const words = (one: Scenario) => ({ title: one.code === 'lead-add' ? 'Add leads' : one.code, about: 'Something' })

test('scenarios are found by title, method and event', () => {
  const codes = (typed: string) => find(sections, typed, words).flatMap(section => section.scenarios.map(one => one.code))
  assert.deepEqual(codes('add LEADS'), ['lead-add'])
  assert.deepEqual(codes('contact.get'), ['contact-sync'])
  assert.deepEqual(codes('oncrmcontact'), ['contact-sync'])
  assert.equal(codes('').length, 3)
  assert.deepEqual(find(sections, 'nothing', words), [])
})

test('only what can be used leads somewhere', () => {
  assert.equal(target(scenario('a'), false), '/devops/edit/in-hook/0/?scenario=a')
  assert.equal(target(scenario('a', { needs: 'bot' }), true), undefined)
  assert.equal(target(scenario('a', { kind: null }), true), undefined)
  assert.equal(target(scenario('a', { admin_only: true }), false), undefined)
  assert.ok(target(scenario('a', { admin_only: true }), true))
})

test('what cannot be used is last', () => {
  const codes = (all: Scenario[]) => all.map(one => one.code).join(' ')
  const mixed = [scenario('a', { needs: 'bot' }), scenario('b'), scenario('c', { admin_only: true }), scenario('d')]
  assert.equal(codes(usableFirst(mixed, true)), 'b c d a')
  assert.equal(codes(usableFirst(mixed, false)), 'b d a c')
  const sorted = sectionsUsableFirst([{ code: 'none', scenarios: [scenario('x', { needs: 'application' })] }, { code: 'some', scenarios: mixed }], false)
  assert.deepEqual(sorted.map(section => `${section.code}: ${codes(section.scenarios)}`), ['some: b d a c', 'none: x'])
})
