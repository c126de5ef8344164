// People, their sign-ins, and the roles of the CRM.
import { api } from './client'

export interface Person {
  id: number
  name: string
  last_name: string
  email: string | null
  position: string | null
  departments: { id: number, name: string }[]
  is_admin: boolean
  active: boolean
  last_login: string | null
  /** How many integrations; `null` where that is none of the caller's business. */
  hooks: number | null
  /** Whether two-factor sign-in is on; `null` like `hooks`. */
  factor: boolean | null
}

/** `version` tells what was seen from what was saved since. */
export interface PersonWithIntegrations extends Person { version: string, integrations: { id: number, title: string }[] }

export interface PersonDraft {
  email: string
  name: string
  last_name: string
  position: string
  is_admin: boolean
  departments: number[]
}

export const listUsers = (query: { search?: string, active?: string, page?: string, size?: string }, signal?: AbortSignal) =>
  api.get<{ users: Person[], total: number }>('/api/users', query, signal)
export const getUser = (id: number, signal?: AbortSignal) => api.get<PersonWithIntegrations>(`/api/users/${id}`, {}, signal)
export const inviteUser = (draft: PersonDraft) => api.post<{ id: number, link: string, mailed: boolean }>('/api/users', draft)
export const linkUser = (id: number) => api.post<{ link: string, mailed: boolean }>(`/api/users/${id}/link`)
export const changeUser = (id: number, changes: Partial<PersonDraft> & { active?: boolean, password?: string, version?: string }) => api.patch<PersonWithIntegrations>(`/api/users/${id}`, changes)

export interface SignIn { id: number, created: string, seen: string, address: string | null, agent: string | null, current: boolean }

export const listSignIns = (signal?: AbortSignal) => api.get<{ sessions: SignIn[] }>('/api/sessions', {}, signal)
export const endSignIn = (id: number) => api.delete(`/api/sessions/${id}`)
export const endAllSignIns = () => api.delete('/api/sessions')
export interface Factor { on: boolean, since: string | null, recovery: number, required: boolean }
/** A secret for an app, shown once: as text, as a link, and as a path of unit squares. */
export interface FactorOffer { secret: string, uri: string, qr: { size: number, path: string } | null }

export const getFactor = (signal?: AbortSignal) => api.get<Factor>('/api/factor', {}, signal)
export const beginFactor = (password: string) => api.post<FactorOffer>('/api/factor', { password })
/** The recovery codes. The sign-in has another token afterwards. */
export const confirmFactor = async (code: string) => (await api.post<{ codes: string[] }>('/api/factor/confirm', { code })).codes
export const renewRecovery = async (password: string, code: string) => (await api.post<{ codes: string[] }>('/api/factor/codes', { password, code })).codes
export const turnFactorOff = (password: string, code: string) => api.post<void>('/api/factor/off', { password, code })
export const resetFactor = (id: number) => api.delete(`/api/users/${id}/factor`)
export const changePassword = (current: string, next: string) => api.post<void>('/api/password', { current, new: next })

/** Entity, act, level. */
export type Permissions = Record<string, Record<string, string>>
export interface Role { id: number, name: string, members: string[], permissions: Permissions, version: string }
export interface Roles { roles: Role[], acts: string[], levels: { code: string, title: string }[], entities: { code: string, title: string }[] }
export type RoleDraft = Omit<Role, 'id' | 'version'> & { version?: string }

export const listRoles = (signal?: AbortSignal) => api.get<Roles>('/api/roles', {}, signal)
export const saveRole = (id: number | undefined, role: RoleDraft) => id === undefined ? api.post<Role>('/api/roles', role) : api.put<Role>(`/api/roles/${id}`, role)
export const deleteRole = (id: number) => api.delete(`/api/roles/${id}`)
