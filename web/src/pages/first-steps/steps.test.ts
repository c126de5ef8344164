import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Integration } from '../../api/integrations'
import type { PortalInfo } from '../../api/session'
import { adding, type Facts, finished, handler, listening, obstacle, reading, STEPS, states, webhook } from './steps'

const one = (id: number, more: Partial<Integration>): Integration => ({
  id, kind: 'in', scenario: null, title: String(id), user: { id: 1, name: 'Berit' }, mine: true, scopes: [], events: [], handler_host: null,
  state: 'active', created: '', last_used: null, calls_24h: 0, errors_24h: 0, failed_24h: 0, ...more
})
const inbound = (id: number, more: Partial<Integration> = {}) => one(id, { scopes: ['crm'], ...more })
const outbound = (id: number, more: Partial<Integration> = {}) => one(id, { kind: 'out', events: ['ONCRMLEADADD'], ...more })
const facts = (integrations: Integration[] = [], more: Partial<Facts> = {}): Facts => ({ integrations, called: false, told: false, ...more })
const shown = (of: Facts) => STEPS.map(step => states(of)[step]).join(' ')

test('each step follows from what there is', () => {
  assert.equal(shown(facts()), 'now later later later later')
  assert.equal(shown(facts([inbound(1)])), 'done now later later later')
  assert.equal(shown(facts([inbound(1)], { called: true })), 'done done done now later')
  assert.equal(shown(facts([outbound(2), inbound(1)], { called: true })), 'done done done done now')
  assert.equal(shown(facts([outbound(2), inbound(1)], { called: true, told: true })), 'done done done done done')
})

test('steps may be taken in another order', () => {
  assert.equal(shown(facts([outbound(1)])), 'now later later done later')
  assert.equal(shown(facts([outbound(2), inbound(1)], { told: true })), 'done now later done done')
  assert.equal(shown(facts([], { called: true, told: true })), 'now done done done done', 'the webhook was deleted')
})

test('whoever was called and told has gone through them', () => {
  assert.equal(finished(facts([inbound(1)], { called: true })), false)
  assert.equal(finished(facts([outbound(1)], { told: true })), false)
  assert.equal(finished(facts([], { called: true, told: true })), true)
})

test('one goes on with a webhook that works and may call the CRM, and with a handler of the event', () => {
  const many = facts([
    inbound(9, { state: 'paused' }), inbound(8, { state: 'expired' }), inbound(7, { scopes: ['user'] }), outbound(6, { events: ['ONCRMDEALADD'] }),
    inbound(5, { kind: 'both', state: 'disabled', events: ['ONCRMLEADADD'] }), inbound(4), outbound(3)
  ])
  assert.equal(webhook(many)?.id, 5, 'only its outbound part is off')
  assert.equal(handler(many)?.id, 5)
  assert.equal(webhook(facts([outbound(1)])), undefined)
  assert.equal(handler(facts([inbound(1)])), undefined)
})

test('it is said why no outbound webhook can be made', () => {
  const portal = (more: Partial<PortalInfo>): PortalInfo => ({ base_url: '', version: '', outbound_available: true, outbound_per_employee: 1, ...more })
  assert.equal(obstacle(facts(), portal({}), false), undefined)
  assert.equal(obstacle(facts([inbound(1)]), portal({}), false), undefined)
  assert.equal(obstacle(facts([outbound(1)]), portal({}), false), 'full')
  assert.equal(obstacle(facts(), portal({ outbound_per_employee: 0 }), false), 'forbidden')
  assert.equal(obstacle(facts([outbound(1)]), portal({ outbound_per_employee: 0 }), true), undefined)
  assert.equal(obstacle(facts(), portal({ outbound_available: false }), true), 'licence')
  assert.equal(obstacle(facts(), undefined, false), undefined)
})

test('lines are for any shell', () => {
  const url = 'https://portal.example/rest/1/abc/'
  assert.equal(reading(url), 'curl "https://portal.example/rest/1/abc/crm.lead.list.json" -d "select[]=ID" -d "select[]=TITLE"')
  assert.equal(adding(url), 'curl "https://portal.example/rest/1/abc/crm.lead.add.json" -d "fields[TITLE]=First lead"')
  assert.equal(listening(1), 'portreeve listen --events ONCRMLEADADD')
  assert.equal(listening(7), 'portreeve listen --events ONCRMLEADADD --owner 7')
})
