// What a Grid is told about its columns, and which of them this browser wants to see.
import { computed, ref } from 'vue'

export interface Column {
  key: string
  title: string
  sortable?: boolean
  /** Not shown until it is chosen. */
  hidden?: boolean
  align?: 'right'
  /** On a phone: the line of the card; without it, it is left out there. */
  line?: 1 | 2
  /** Always shown. */
  fixed?: boolean
  /** Takes what width is left and cuts off what does not fit. */
  wide?: boolean
}

/** `name` or `-name`, as in a query. */
export type Sort = string

/** The next order when a heading is pressed: up, down, none. */
export function nextSort(current: Sort | undefined, key: string): Sort | undefined {
  if (current === key) return `-${key}`
  return current === `-${key}` ? undefined : key
}

/** The columns that are shown, remembered here under a name. */
export function useColumns(name: string, all: () => Column[]) {
  const stored = `portreeve-columns-${name}`
  const chosen = ref<string[] | undefined>(read(stored))
  const shown = computed(() => all().filter(column => column.fixed || (chosen.value ? chosen.value.includes(column.key) : !column.hidden)))
  function toggle(key: string) {
    const now = shown.value.map(column => column.key)
    chosen.value = now.includes(key) ? now.filter(one => one !== key) : [...now, key]
    localStorage.setItem(stored, JSON.stringify(chosen.value))
  }
  function reset() {
    chosen.value = undefined
    localStorage.removeItem(stored)
  }
  return { shown, toggle, reset }
}

function read(name: string): string[] | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    return Array.isArray(found) ? found.map(String) : undefined
  } catch {
    return undefined
  }
}
