/** What administrators bend the portal with: its clock, and fault rules. */
import { api } from './client'

export interface Clock { time: string, shift: number, frozen: boolean }

/** What is bent at this moment. */
export interface Bent { clock: Clock, faults: number }

export type Effect = { kind: string } & Record<string, string | number>

/** A fault rule, as it is sent. */
export interface Rule {
  webhook?: number
  method?: string
  event?: string
  every?: number
  first?: number
  chance?: number
  times?: number
  delay?: number
  effect?: Effect
  after: boolean
  keep: boolean
}

/** A fault rule that holds. */
export interface Listed extends Rule { id: number, title: string | null, hits: number }

export interface Code { code: string, status: number, message: string }

export const lookBent = (signal?: AbortSignal) => api.get<Bent>('/api/sandbox', {}, signal)
export const turnClock = (turn: { frozen: boolean }) => api.put<Clock>('/api/clock', turn)
export const resetClock = () => api.delete<Clock>('/api/clock')
export const listFaults = (signal?: AbortSignal) => api.get<{ faults: Listed[] }>('/api/faults', {}, signal)
export const faultCodes = () => api.get<Code[]>('/api/fault-codes')
export const addFault = (rule: Rule) => api.post<Listed>('/api/faults', rule)
export const removeFault = (id: number) => api.delete<void>(`/api/faults/${id}`)
export const clearFaults = () => api.delete<void>('/api/faults')
