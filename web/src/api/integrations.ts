// The list of integrations, and what is done to one from there. The editors' part is theirs.
import { api, download, withQuery } from './client'

/** An inbound webhook, an outbound one, or both in one. */
export type IntegrationKind = 'in' | 'out' | 'both'

/** `expired` and `dismissed` (its user was) concern the inbound part, `disabled` the outbound: its handler failed too long. */
export type IntegrationState = 'active' | 'paused' | 'expired' | 'disabled' | 'dismissed'

/** A row of the list. It never holds a secret. */
export interface Integration {
  id: number
  kind: IntegrationKind
  scenario: string | null
  title: string
  user: { id: number, name: string }
  mine: boolean
  scopes: string[]
  events: string[]
  handler_host: string | null
  state: IntegrationState
  created: string
  last_used: string | null
  calls_24h: number
  errors_24h: number
  failed_24h: number
}

export const listIntegrations = (query: Record<string, string | number | undefined>, signal?: AbortSignal) =>
  api.get<{ integrations: Integration[], total: number }>('/api/integrations', query, signal)

/** Pauses both parts, or lets them work again. */
export const setIntegrationActive = (id: number, active: boolean) =>
  api.post<void>(`/api/integrations/${id}/active`, { active })

/** How many events are held of it while nothing is sent. */
export const heldOf = (id: number) => api.get<{ held: number }>(`/api/integrations/${id}/held`)

export const deleteIntegration = (id: number) => api.delete(`/api/integrations/${id}`)

/** The modules that a document of OpenAPI can be had of. */
export const describedModules = (signal?: AbortSignal) => api.get<{ modules: string[] }>('/api/openapi/modules', {}, signal)

/** A document of OpenAPI: of what a webhook may call, of a module, or of all methods; with the name that the server gave it. */
export const downloadOpenApi = (of: { integration?: number, module?: string }) => download('GET', withQuery('/api/openapi', of), 'openapi.json')
