// What the page shows, as it changes. The connection is kept while the page is seen.
import { onBeforeUnmount, onMounted, ref, watch } from 'vue'
import { type Page, stream } from '@/api/messages'

/** After the server closed the stream, it is asked for again after so many ms. */
const PAUSE = 5000

/** Takes what comes for the dialog that is open; `lost` while there is no connection. */
export function useLive(dialog: () => string | undefined, take: (page: Page) => void) {
  const lost = ref(false)
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function close() {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }

  function open() {
    close()
    lost.value = false
    if (document.hidden) return
    const mine = source = new EventSource(stream(dialog()))
    mine.addEventListener('messages', event => {
      lost.value = false
      take(JSON.parse((event as MessageEvent<string>).data) as Page)
    })
    mine.onerror = () => {
      if (source !== mine) return
      lost.value = true
      if (mine.readyState === EventSource.CLOSED) timer = setTimeout(open, PAUSE)
    }
  }

  watch(dialog, open)
  onMounted(() => {
    document.addEventListener('visibilitychange', open)
    open()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', open)
    close()
  })
  return { lost, again: open }
}
