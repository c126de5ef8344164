import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scenario } from '../hook/api'
import { find, target } from './find'

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
