import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Integration, Scenario } from './api'
import { body, differs, ofIntegration, ofScenario } from './draft'

const scenario: Scenario = {
  code: 'contact-sync', kind: 'in-hook', method: 'crm.contact.get', params: [['ID', '42']], scopes: ['crm'],
  events: ['ONCRMCONTACTUPDATE'], admin_only: true, needs: null, inbound: true, outbound: true
}

const saved: Integration = {
  id: 7, kind: 'both', scenario: 'contact-sync', title: 'Shop', comment: '', user: { id: 1, name: 'Mary' }, mine: true,
  created: '2026-11-01T10:00:00+00:00', query: { method: 'crm.contact.get', params: [['ID', '42']] },
  inbound: {
    url: 'https://p/rest/1/******/', scopes: ['crm'], active: false, expires: '2027-01-31T00:00:00+02:00',
    networks: ['10.0.0.0/8', '::1/128'], read_only: true, last_used: null, last_address: null, hidden: false
  },
  outbound: {
    id: 3, handler_url: 'https://shop.example/h', events: [{ name: 'ONCRMCONTACTUPDATE', event_handler_id: 5 }],
    retries: '10s,60s', ordered: true, active: true, disabled_because: null, failing_since: null, held: 0, hidden: false, old_secrets_until: null,
    pickup: false, skip_own: true, only_fields: { ONCRMCONTACTUPDATE: ['EMAIL'] }, tell_changed: true, rate: 5, concurrency: null, headers: ['X-Key'], basic_user: 'shop'
  }
}

test('a scenario fills in a new one', () => {
  const made = body(ofScenario(scenario, ' Synchronize '))
  assert.equal(made.title, 'Synchronize')
  assert.deepEqual(made.query, { method: 'crm.contact.get', params: [['ID', '42']] })
  assert.deepEqual(made.inbound?.scopes, ['crm'])
  assert.deepEqual(made.outbound?.events, ['ONCRMCONTACTUPDATE'])
  assert.equal(body(ofScenario({ ...scenario, inbound: false, method: '' }, 'x')).inbound, null)
})

test('saving what was opened changes nothing', () => {
  assert.deepEqual(body(ofIntegration(saved)), {
    scenario: 'contact-sync', title: 'Shop', comment: '', query: saved.query,
    inbound: { scopes: ['crm'], active: false, expires: '2027-01-31T00:00:00+02:00', networks: ['10.0.0.0/8', '::1/128'], read_only: true },
    outbound: { handler_url: 'https://shop.example/h', events: ['ONCRMCONTACTUPDATE'], retries: '10s,1m', ordered: true, active: true, pickup: false, skip_own: true, only_fields: { ONCRMCONTACTUPDATE: ['EMAIL'] }, tell_changed: true, rate: 5, concurrency: null, headers: [{ name: 'X-Key' }], basic: { user: 'shop' } }
  })
  assert.equal(differs(ofIntegration(saved), ofIntegration(saved)), false)
})

test('editing leaves the saved one alone, and is noticed', () => {
  const draft = ofIntegration(saved)
  draft.rows[0]![1] = '43'
  assert.equal(saved.query?.params[0]?.[1], '42')
  assert.ok(differs(draft, ofIntegration(saved)))
  assert.ok(differs({ ...ofIntegration(saved), renew: true }, ofIntegration(saved)))
  assert.ok(differs({ ...ofIntegration(saved), renewToken: true }, ofIntegration(saved)))
})

test('a limit is a number, none, or what the server refuses', () => {
  const limits = (rate: string) => body({ ...ofIntegration(saved), rate }).outbound?.rate
  assert.deepEqual(['', ' ', '12', ' 12 ', '0', '1.5', '-3', 'many'].map(limits), [null, null, 12, 12, 0, -1, -1, -1])
})

test('a row without a name is no change', () => {
  const draft = ofIntegration(saved)
  draft.rows.push(['', ''])
  assert.equal(differs(draft, ofIntegration(saved)), false)
})

test('what is typed into a header replaces its value, and nothing keeps it', () => {
  const draft = ofIntegration(saved)
  draft.headers.push({ name: ' X-New ', value: ' v ' }, { name: '', value: 'lost' })
  draft.basicPassword = 'p'
  assert.deepEqual(body(draft).outbound?.headers, [{ name: 'X-Key' }, { name: 'X-New', value: 'v' }])
  assert.deepEqual(body(draft).outbound?.basic, { user: 'shop', password: 'p' })
  draft.basicUser = ''
  assert.equal(body(draft).outbound?.basic, null)
})
