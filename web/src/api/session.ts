// Who is signed in, and what the portal is.
import { computed, ref } from 'vue'
import { api, setToken } from './client'

export interface SessionUser {
  id: number
  email: string
  name: string
  last_name: string
  is_admin: boolean
  time_zone: string | null
  /** Whether the portal requires two-factor sign-in that this person has not set up: nothing else works until then. */
  lacks_factor: boolean
}

/** Only `base_url` and `mail` are there for whoever is not signed in. */
export interface PortalInfo {
  base_url: string
  version?: string
  edition?: string
  licence?: string
  outbound_available?: boolean
  /** Outbound webhooks that an employee may have; 0 for none. */
  outbound_per_employee?: number
  secret_overlap_hours?: number
  /** What handlers get at most; 0 for any number of requests a second. */
  handler_rate?: number
  handler_concurrency?: number
  time_zone?: string
  limits?: string
  /** Whether it sends e-mail. */
  mail?: boolean
}

export interface Session { token: string, setup: boolean, user: SessionUser | null, portal: PortalInfo }

export const session = ref<Session>()
export const user = computed(() => session.value?.user ?? null)
export const isAdmin = computed(() => user.value?.is_admin ?? false)

function take(found: Session) {
  session.value = found
  setToken(found.token)
}

let loading: Promise<void> | undefined

/** Asks once who is signed in. */
export function loadSession(): Promise<void> {
  loading ??= api.get<Session>('/api/session').then(take).catch(error => {
    loading = undefined
    throw error
  })
  return loading
}

export async function refreshSession() {
  take(await api.get<Session>('/api/session'))
}

/** A token for the next sign-in after one is over. Who was signed in stays on the page until then. */
export async function refreshToken() {
  setToken((await api.get<Session>('/api/session')).token)
}

/** Signs in. Without the code of an account that has two-factor sign-in the error is `ERROR_CODE_NEEDED`. */
export async function signIn(email: string, password: string, remember: boolean, code?: string) {
  if (!session.value) await loadSession()
  take(await api.post<Session>('/api/session', { email, password, remember, code }))
}

export async function signOut() {
  await api.delete('/api/session')
  await refreshSession()
}

/** Asks for a link by e-mail, to whoever has that address. */
export async function forgotPassword(email: string) {
  if (!session.value) await loadSession()
  await api.post<void>('/api/forgot', { email })
}

/** `factor`: the account has two-factor sign-in, and the link does not do without a code. */
export interface Invitation { email: string, name: string, last_name: string, setup: boolean, factor: boolean }

export const lookAtWelcome = (code: string) => api.post<Invitation>('/api/welcome/look', { code })

/** Uses up a one-time link: sets the password, and signs in. `demo` loads demo data at the first run. */
export async function acceptWelcome(answer: { code: string, password: string, second?: string, email?: string, name?: string, last_name?: string, demo?: boolean }) {
  take(await api.post<Session>('/api/welcome', answer))
}

export const fullName = (one: { name: string, last_name: string, email?: string | null }) =>
  `${one.name} ${one.last_name}`.trim() || one.email || ''
