// A log: its newest page, which changes by itself, and what is older, once it is asked for.
import { computed, shallowRef } from 'vue'
import { useAction } from '@/api'

interface Options<Page, Row> {
  /** The rows of a page, the newest first. */
  rowsOf: (page: Page) => Row[]
  /** Asks for the page that begins before that row. */
  ask: (before: number | null) => Promise<Page>
}

/** `take` shows a newest page, `forget` leaves what is older, and `more` asks for more of that. */
export function useLog<Page extends { before: number | null }, Row>({ rowsOf, ask }: Options<Page, Row>) {
  const newest = shallowRef<Page>()
  const older = shallowRef<Row[]>([])
  const last = shallowRef<Page>()

  function forget() {
    older.value = []
    last.value = undefined
  }
  function take(page: Page) {
    newest.value = page
    // A page that moved on leaves a gap to what was read below it.
    forget()
  }
  function clear() {
    newest.value = undefined
    forget()
  }

  const rows = computed(() => newest.value && [...rowsOf(newest.value), ...older.value])
  const bottom = computed(() => last.value ?? newest.value)
  const more = useAction(async () => {
    const page = await ask(bottom.value?.before ?? null)
    older.value = [...older.value, ...rowsOf(page)]
    last.value = page
  })
  return { newest, rows, bottom, more, take, clear, forget, hasOlder: computed(() => older.value.length > 0) }
}
