// Data for a page: loading, what came, why it did not, and again.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { language } from '@/i18n'
import { asApiError, type ApiError } from './error'

/** Loading shows only after this many ms: most answers are there before. */
const PATIENCE = 150

/** Asks once in each language: for what does not change while the server runs. After a failure it asks again. */
export function onceInLanguage<T>(ask: () => Promise<T>): () => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return () => {
    const wanted = language.value
    const there = asked.get(wanted)
    if (there) return there
    const answer = ask().catch((error: unknown) => {
      asked.delete(wanted)
      throw error
    })
    asked.set(wanted, answer)
    return answer
  }
}

/** Does it again and again while the page is seen. */
export function every(ms: number, act: () => unknown) {
  const timer = setInterval(() => { if (!document.hidden) void act() }, ms)
  onScopeDispose(() => clearInterval(timer))
}

export interface Loaded<T> {
  /** What came last; it stays while newer is on its way. */
  data: ShallowRef<T | undefined>
  error: Ref<ApiError | undefined>
  /** Asked, and not answered for a moment. */
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/**
 * Loads at once, and again whenever a source or the language changes or `changed()` names one of the topics. Answers that come too
 * late are dropped.
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = [], topics: Topic[] = []): Loaded<T> {
  const data = shallowRef<T>()
  const error = ref<ApiError>()
  const loading = ref(false)
  let current: AbortController | undefined

  async function reload() {
    current?.abort()
    const mine = current = new AbortController()
    const timer = setTimeout(() => loading.value = true, PATIENCE)
    mine.signal.addEventListener('abort', () => clearTimeout(timer))
    try {
      const found = await load(mine.signal)
      if (mine.signal.aborted) return
      data.value = found
      error.value = undefined
    } catch (thrown) {
      if (mine.signal.aborted) return
      error.value = asApiError(thrown)
    }
    clearTimeout(timer)
    loading.value = false
  }

  watch([...sources, language], reload)
  const forget = onChanged(topics, () => void reload())
  onScopeDispose(() => {
    forget()
    current?.abort()
  })
  void reload()
  return { data, error, loading, reload }
}

/** Kinds of things that lists show and editors change. */
export type Topic =
  | 'integrations' | 'users' | 'departments' | 'roles' | 'deliveries' | 'crm' | 'disk' | 'lists' | 'tasks' | 'groups'
  | 'products' | 'stock' | 'orders' | 'settings' | 'sandbox' | 'sessions' | 'feed' | 'workflows' | 'calendar' | 'bookings' | 'lines' | 'factor'

const listeners = new Set<(topic: Topic) => void>()

/** Tells the pages beneath that something was changed. */
export function changed(topic: Topic) {
  for (const listener of [...listeners]) listener(topic)
}

function onChanged(topics: Topic[], run: () => void): () => void {
  const listener = (topic: Topic) => {
    if (topics.includes(topic)) run()
  }
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Runs something that a button starts: busy while it runs, and why it failed. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>) {
  const busy = ref(false)
  const error = ref<ApiError>()
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = undefined
    try {
      await act(...args)
      return true
    } catch (thrown) {
      error.value = asApiError(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
