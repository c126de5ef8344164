// The first page of the list as it changes. What comes while the list is paused waits until it no longer is.
import { onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { type Page, STREAM } from '@/api/deliveries'

/** After the server closed the stream, it is asked for again after so many ms. */
const PAUSE = 5000

interface Options {
  /** The filter as a query. */
  query: () => string
  /** Whether it is switched on. */
  on: () => boolean
  /** Whether the list stands still now. */
  paused: () => boolean
  /** Takes a page that came. */
  take: (page: Page) => void
}

/** `lost` while there is no connection; `held` while news wait. */
export function useLive({ query, on, paused, take }: Options) {
  const lost = ref(false)
  const waiting = shallowRef<Page>()
  const held = ref(false)
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function close() {
    clearTimeout(timer)
    source?.close()
    source = undefined
    waiting.value = undefined
    held.value = false
  }

  function open() {
    close()
    lost.value = false
    // A page that nobody sees keeps no connection: a browser has six of them for a server.
    if (!on() || document.hidden) return
    const mine = (source = new EventSource(`${STREAM}?${query()}`))
    let first = true
    mine.addEventListener('deliveries', event => {
      lost.value = false
      const page = JSON.parse((event as MessageEvent<string>).data) as Page
      if (!paused()) take(page)
      // The first is what there was, not news.
      else if (!first) [waiting.value, held.value] = [page, true]
      first = false
    })
    mine.onerror = () => {
      if (source !== mine) return
      lost.value = true
      if (mine.readyState === EventSource.CLOSED) timer = setTimeout(open, PAUSE)
    }
  }

  watch([query, on], open)
  watch(paused, still => {
    if (still || waiting.value === undefined) return
    take(waiting.value)
    waiting.value = undefined
    held.value = false
  })
  onMounted(() => {
    document.addEventListener('visibilitychange', open)
    open()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', open)
    close()
  })
  return { lost, held }
}
