// An integration as it is being edited: everything that SAVE sends, in the shape of the form.

import type { Row } from '../in-hook/rows'
import { list } from '../in-hook/networks'
import { kept, type Only } from '../out-hook/only'
import { shorten } from '../out-hook/retry'
import type { Integration, Scenario } from './api'

export interface Draft {
  scenario: string
  title: string
  comment: string
  method: string
  rows: Row[]
  hasInbound: boolean
  scopes: string[]
  inboundActive: boolean
  /** A day, `2027-01-31`, or empty for never. */
  expires: string
  /** One network to a line. */
  networks: string
  readOnly: boolean
  hasOutbound: boolean
  handlerUrl: string
  events: string[]
  retries: string
  ordered: boolean
  outboundActive: boolean
  /** Events are kept for event.offline.get instead of being sent. */
  pickup: boolean
  skipOwn: boolean
  /** By event, the fields of which an update must change one. */
  onlyFields: Only
  tellChanged: boolean
  /** Requests within a second and at once at most, as they are typed; empty for the limits of the server. */
  rate: string
  concurrency: string
  headers: Header[]
  /** The user of basic authentication, or empty for none. */
  basicUser: string
  /** null: as it is stored. */
  basicPassword: string | null
  basicKept: boolean
  /** A new secret is made at the next SAVE. */
  renew: boolean
  /** A new application token and signing secret are made at the next SAVE. */
  renewToken: boolean
  /** For how long the old ones hold beside them, `24h`; unset, as the portal's settings say. */
  overlap?: string
}

/** A header for the handler; its value is null where it is stored and nothing was typed. */
export interface Header { name: string, value: string | null, kept?: boolean }

/** What POST and PUT take. */
export interface Body {
  scenario: string
  title: string
  comment: string
  query: { method: string, params: Row[] } | null
  inbound: null | { scopes: string[], active: boolean, expires: string | null, networks: string[], read_only: boolean }
  outbound: null | { handler_url: string, events: string[], retries: string, ordered: boolean, active: boolean, pickup: boolean, skip_own: boolean, only_fields: Only, tell_changed: boolean, rate: number | null, concurrency: number | null } & Extras
}

interface Extras { headers: { name: string, value?: string }[], basic: null | { user: string, password?: string } }

const EMPTY: Draft = {
  scenario: '', title: '', comment: '', method: '', rows: [], hasInbound: false, scopes: [], inboundActive: true, expires: '', networks: '',
  readOnly: false, hasOutbound: false, handlerUrl: '', events: [], retries: 'default', ordered: true, outboundActive: true,
  pickup: false, skipOwn: false, onlyFields: {}, tellChanged: false, rate: '', concurrency: '', headers: [], basicUser: '', basicPassword: '', basicKept: false, renew: false, renewToken: false
}

/** A new one, filled in as the scenario says. */
export function ofScenario(scenario: Scenario, title: string): Draft {
  return {
    ...EMPTY,
    scenario: scenario.code,
    title,
    method: scenario.method,
    rows: copiedRows(scenario.params),
    hasInbound: scenario.inbound,
    scopes: [...scenario.scopes],
    hasOutbound: scenario.outbound,
    events: [...scenario.events],
    headers: []
  }
}

/** One that exists. */
export function ofIntegration(one: Integration): Draft {
  const { inbound, outbound } = one
  return {
    ...EMPTY,
    scenario: one.scenario,
    title: one.title,
    comment: one.comment,
    method: one.query?.method ?? '',
    rows: copiedRows(one.query?.params ?? []),
    ...(inbound ? {
      hasInbound: true,
      scopes: [...inbound.scopes],
      inboundActive: inbound.active,
      // A moment is kept as it is, so that saving does not move it.
      expires: inbound.expires ?? '',
      networks: inbound.networks.join('\n'),
      readOnly: inbound.read_only
    } : {}),
    ...(outbound ? {
      hasOutbound: true,
      handlerUrl: outbound.handler_url,
      events: outbound.events.map(event => event.name),
      retries: shorten(outbound.retries),
      ordered: outbound.ordered,
      outboundActive: outbound.active,
      pickup: outbound.pickup,
      skipOwn: outbound.skip_own,
      onlyFields: { ...outbound.only_fields },
      tellChanged: outbound.tell_changed,
      rate: String(outbound.rate ?? ''),
      concurrency: String(outbound.concurrency ?? ''),
      headers: outbound.headers.map(name => ({ name, value: null, kept: true })),
      basicUser: outbound.basic_user ?? '',
      basicPassword: outbound.basic_user ? null : '',
      basicKept: outbound.basic_user !== null
    } : {})
  }
}

/** Another one that holds the same. */
export function copied(draft: Draft): Draft {
  return { ...draft, rows: copiedRows(draft.rows), scopes: [...draft.scopes], events: [...draft.events], onlyFields: { ...draft.onlyFields } }
}

function copiedRows(rows: Row[]): Row[] {
  return rows.map(([name, value]) => [name, value])
}

export function body(draft: Draft): Body {
  const named = draft.rows.filter(([name]) => name.trim() !== '')
  return {
    scenario: draft.scenario,
    title: draft.title.trim(),
    comment: draft.comment,
    query: draft.hasInbound && draft.method.trim() ? { method: draft.method.trim(), params: named } : null,
    inbound: draft.hasInbound ? {
      scopes: draft.scopes,
      active: draft.inboundActive,
      expires: draft.expires || null,
      networks: list(draft.networks),
      read_only: draft.readOnly
    } : null,
    outbound: draft.hasOutbound ? {
      handler_url: draft.pickup ? '' : draft.handlerUrl.trim(),
      events: draft.events,
      retries: draft.retries,
      ordered: draft.ordered,
      active: draft.outboundActive,
      pickup: draft.pickup,
      skip_own: draft.hasInbound && draft.skipOwn,
      only_fields: kept(draft.onlyFields, draft.events),
      tell_changed: draft.tellChanged,
      rate: limit(draft.rate),
      concurrency: limit(draft.concurrency),
      ...extras(draft)
    } : null
  }
}

/** What is no number is one that the server refuses. */
function limit(text: string): number | null {
  if (text.trim() === '') return null
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : -1
}

function extras(draft: Draft): Extras {
  const headers = draft.headers.filter(header => header.name.trim() !== '')
  const password = draft.basicPassword === null ? {} : { password: draft.basicPassword }
  return {
    headers: headers.map(({ name, value }) => value === null ? { name: name.trim() } : { name: name.trim(), value: value.trim() }),
    basic: draft.basicUser.trim() ? { user: draft.basicUser.trim(), ...password } : null
  }
}

/** Whether saving would change anything. */
export function differs(a: Draft, b: Draft): boolean {
  return a.renew !== b.renew || a.renewToken !== b.renewToken || JSON.stringify(body(a)) !== JSON.stringify(body(b))
}
