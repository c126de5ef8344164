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
export const changePassword = (current: string, next: string) => api.post<void>('/api/password', { current, new: next })

/** Entity, act, level. */
export type Permissions = Record<string, Record<string, string>>
export interface Role { id: number, name: string, members: string[], permissions: Permissions, version: string }
export interface Roles { roles: Role[], acts: string[], levels: { code: string, title: string }[], entities: { code: string, title: string }[] }
export type RoleDraft = Omit<Role, 'id' | 'version'> & { version?: string }

export const listRoles = (signal?: AbortSignal) => api.get<Roles>('/api/roles', {}, signal)
export const saveRole = (id: number | undefined, role: RoleDraft) => id === undefined ? api.post<Role>('/api/roles', role) : api.put<Role>(`/api/roles/${id}`, role)
export const deleteRole = (id: number) => api.delete(`/api/roles/${id}`)
