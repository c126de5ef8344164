// A portal with something on every page: people, webhooks of each kind and state, calls, and events of which some failed.

import { until } from './visitor.mjs'
import { accept, call } from './walk.mjs'

const PEOPLE = [
  { email: 'ada@example.com', name: 'Ada', last_name: 'Berg', position: 'Developer' },
  { email: 'jonas@example.com', name: 'Jonas', last_name: 'Weber', position: 'Head of sales' },
  { email: 'mila@example.com', name: 'Mila', last_name: 'Novak', position: 'Accountant' }
]

/** Who was invited first, with a password. */
export const COLLEAGUE = { email: PEOPLE[0].email, password: 'a word of a colleague' }

const inbound = (title, scopes, more = {}) => ({
  scenario: 'in-hook', title, comment: '', query: { method: 'crm.lead.list', params: [['select[]', 'ID'], ['select[]', 'TITLE']] },
  inbound: { scopes, active: true, expires: null, networks: [], read_only: false, ...more }, outbound: null
})
const outbound = (title, handler_url, events, more = {}) => ({
  scenario: 'out-hook', title, comment: '', query: null,
  inbound: null, outbound: { handler_url, events, retries: 'once', ordered: false, active: true, ...more }
})

/** Fills a new portal. `admin` has it open; `handler` answers 500 under `/down`. Returns the numbers of what was made. */
export async function fill(browser, admin, handler) {
  const invited = []
  for (const person of PEOPLE) invited.push(await admin.api('POST', '/api/users', { ...person, is_admin: false, departments: [] }))
  const colleague = await accept(browser, invited[0].link, { password: COLLEAGUE.password })
  const foreign = await make(colleague, inbound('Ada’s migration script', ['crm']))
  await colleague.leave()

  const forms = await make(admin, inbound('Website forms', ['crm']))
  await make(admin, inbound('Monthly report', ['crm', 'user', 'department'], { read_only: true, networks: ['10.0.0.0/8'] }))
  await make(admin, inbound('Old web shop', ['crm'], { active: false }))
  const leads = await make(admin, outbound('Newsletter', handler.url('/newsletter'), ['ONCRMLEADADD', 'ONCRMLEADUPDATE'], { only_fields: { ONCRMLEADUPDATE: ['STATUS_ID'] }, tell_changed: true }))
  await make(admin, outbound('Loading bay', handler.url('/down'), ['ONCRMDEALADD', 'ONCRMDEALUPDATE']))
  const both = { ...inbound('Telephony', ['crm', 'user']), outbound: outbound('', handler.url('/calls'), ['ONCRMCONTACTADD']).outbound }
  await make(admin, both)

  const paused = await make(admin, outbound('Call centre', handler.url('/calls'), ['ONCRMLEADADD']))
  await admin.api('POST', `/api/integrations/${paused.id}/active`, { active: false })

  const { url } = await admin.api('POST', `/api/integrations/${forms.id}/secrets`)
  await work(url)
  // Four leads and their changes, and a deal of which one event fails.
  await handler.came(9)
  const { deliveries } = await settled(admin, 9)
  return { in: forms.id, out: leads.id, paused: paused.id, foreign: foreign.id, user: invited[0].id, delivery: deliveries.find(one => one.state === 'failed').id }
}

const make = (visitor, wish) => visitor.api('POST', '/api/integrations', wish)

async function work(hook) {
  const [, first] = await call(hook, 'crm.lead.add', { fields: { TITLE: 'Enquiry from the website' } })
  for (const title of ['Request for a quote', 'Call me back', 'Question about delivery']) await call(hook, 'crm.lead.add', { fields: { TITLE: title } })
  for (const STATUS_ID of ['IN_PROCESS', 'PROCESSED']) await call(hook, 'crm.lead.update', { id: first.result, fields: { STATUS_ID } })
  for (const id of [1, 2]) await call(hook, 'crm.deal.update', { id, fields: { COMMENTS: 'Packed' } })
  await call(hook, 'crm.contact.add', { fields: { NAME: 'Olga', LAST_NAME: 'Petrova' } })
  for (const method of ['crm.lead.list', 'crm.deal.list', 'crm.contact.list', 'crm.lead.fields', 'profile', 'user.get', 'crm.lead.get']) await call(hook, method)
}

/** The deliveries, once so many of them have ended: what a handler saw, the server has written down a moment later. */
async function settled(admin, count) {
  return until(`${count} deliveries to end`, async () => {
    const page = await admin.api('GET', '/api/deliveries?limit=100')
    return page.deliveries.filter(one => ['delivered', 'failed'].includes(one.state)).length >= count && page
  })
}
