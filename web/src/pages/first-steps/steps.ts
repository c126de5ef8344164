/** The first steps of whoever is new here. How far each is follows from what there is, never from what was clicked. */

import type { Integration } from '../../api/integrations'
import type { PortalInfo } from '../../api/session'

/** What the handler is to be told of: the call of the second line causes it, that of the first does not. */
export const EVENT = 'ONCRMLEADADD'

export const STEPS = ['webhook', 'line', 'call', 'handler', 'event'] as const
export type Step = (typeof STEPS)[number]
export type State = 'done' | 'now' | 'later'

/** What there is of one person's own. */
export interface Facts {
  /** The newest first. */
  integrations: Integration[]
  /** Whether a webhook was called. */
  called: boolean
  /** Whether a handler got an event. */
  told: boolean
}

const STOPPED = new Set(['paused', 'expired', 'dismissed'])

/** The inbound webhook to go on with: the newest that works and may call the CRM. */
export const webhook = ({ integrations }: Facts) =>
  integrations.find(one => one.kind !== 'out' && !STOPPED.has(one.state) && one.scopes.includes('crm'))

/** The outbound webhook that is told of the event: the newest. */
export const handler = ({ integrations }: Facts) => integrations.find(one => one.kind !== 'in' && one.events.includes(EVENT))

/** How far each step is: the first that is not done is the one to do now. */
export function states(facts: Facts): Record<Step, State> {
  const { called, told } = facts
  const done = { webhook: webhook(facts) !== undefined, line: called, call: called, handler: told || handler(facts) !== undefined, event: told }
  const now = STEPS.find(step => !done[step])
  const state = (step: Step): State => (done[step] ? 'done' : step === now ? 'now' : 'later')
  return Object.fromEntries(STEPS.map(step => [step, state(step)])) as Record<Step, State>
}

/** Whether somebody has gone through them, in whatever way. */
export const finished = ({ called, told }: Facts) => called && told

/** Why an outbound webhook cannot be made here: the licence, no right to one, or no right to one more. */
export function obstacle({ integrations }: Facts, portal: PortalInfo | undefined, isAdmin: boolean): 'licence' | 'forbidden' | 'full' | undefined {
  if (portal?.outbound_available === false) return 'licence'
  const most = portal?.outbound_per_employee
  if (isAdmin || most === undefined) return undefined
  if (most === 0) return 'forbidden'
  return integrations.filter(one => one.kind !== 'in').length >= most ? 'full' : undefined
}

/** A call that changes nothing, as a line for any shell. `url` ends with a slash. */
export const reading = (url: string) => `curl "${url}crm.lead.list.json" -d "select[]=ID" -d "select[]=TITLE"`

/** The call that causes the event. */
export const adding = (url: string) => `curl "${url}crm.lead.add.json" -d "fields[TITLE]=First lead"`

/** The command that takes the events of a user, on the machine of the server; the first user is whose it takes anyway. */
export const listening = (user: number) => `portreeve listen --events ${EVENT}${user === 1 ? '' : ` --owner ${user}`}`
