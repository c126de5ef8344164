// Handlers that fail, and whether alerts arrive.
import { api } from './client'

export interface Trouble {
  integration: number
  title: string
  user: { id: number, name: string }
  /** The portal has switched the webhook off. */
  off: boolean
  because: string | null
  since: string | null
  /** Why the last try failed. */
  reason: string | null
  times: number
  waiting: number
  more_waiting: boolean
}

export interface TriedAlert { to: string | null, error: string | null }

export const listTroubles = (signal?: AbortSignal) => api.get<{ troubles: Trouble[] }>('/api/alerts', {}, signal)
export const testAlerts = () => api.post<{ tried: TriedAlert[] }>('/api/alerts/test')
export const alertSecret = () => api.post<{ secret: string }>('/api/alerts/secret')
