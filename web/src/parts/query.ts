// Filters, order and page live in the query of the address, so that Back works and a link can be sent.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface PageQuery<F extends string> {
  /** One value of the query; '' when it is missing. Setting a filter goes back to the first page. */
  filter: (name: F) => WritableComputedRef<string>
  page: WritableComputedRef<number>
  size: WritableComputedRef<number>
  sort: WritableComputedRef<string | undefined>
  /** Everything as a request wants it. */
  all: () => Record<F | 'page' | 'size' | 'sort', string>
  filtered: () => boolean
  reset: () => void
}

export function usePageQuery<F extends string>(filters: readonly F[], defaults = { size: 20 }): PageQuery<F> {
  const route = useRoute()
  const router = useRouter()
  const get = (name: string) => {
    const value = route.query[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  function set(changes: Record<string, string | undefined>) {
    const query = { ...route.query, ...changes }
    for (const name of Object.keys(query)) {
      if (!query[name]) delete query[name]
    }
    void router.replace({ path: route.path, query })
  }
  const page = computed({ get: () => Math.max(1, Number(get('page')) || 1), set: to => set({ page: to > 1 ? String(to) : undefined }) })
  const size = computed({ get: () => Number(get('size')) || defaults.size, set: to => set({ size: to === defaults.size ? undefined : String(to), page: undefined }) })
  const sort = computed({ get: () => get('sort') || undefined, set: to => set({ sort: to, page: undefined }) })
  return {
    filter: name => computed({ get: () => get(name), set: to => set({ [name]: to, page: undefined }) }),
    page,
    size,
    sort,
    all: () => Object.fromEntries([...filters.map(name => [name, get(name)]), ['page', String(page.value)], ['size', String(size.value)], ['sort', sort.value ?? '']]) as Record<F | 'page' | 'size' | 'sort', string>,
    filtered: () => filters.some(name => get(name) !== ''),
    reset: () => set(Object.fromEntries([...filters, 'page'].map(name => [name, undefined])))
  }
}
