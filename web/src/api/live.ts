// A stream of server-sent events. A page that nobody sees keeps no connection: a browser has six of them for a server.
import { onBeforeUnmount, onMounted, ref, watch } from 'vue'

/** After the server closed the stream, it is asked for again after so many ms. */
const PAUSE = 5000

interface Options<Page> {
  /** The name of the events. */
  event: string
  /** Where they come from; none while it is switched off. */
  address: () => string | undefined
  /** Takes what comes; `first` for what there was when the stream was opened. */
  take: (page: Page, first: boolean) => void
  /** Forgets what came, before the stream is opened and after it is closed. */
  forget?: () => void
}

/** `lost` while there is no connection; `open` opens it anew. */
export function useStream<Page>({ event, address, take, forget }: Options<Page>) {
  const lost = ref(false)
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function close() {
    clearTimeout(timer)
    source?.close()
    source = undefined
    forget?.()
  }

  function open() {
    close()
    lost.value = false
    const from = document.hidden ? undefined : address()
    if (from === undefined) return
    const mine = (source = new EventSource(from))
    let first = true
    mine.addEventListener(event, came => {
      lost.value = false
      take(JSON.parse((came as MessageEvent<string>).data) as Page, first)
      first = false
    })
    mine.onerror = () => {
      if (source !== mine) return
      lost.value = true
      if (mine.readyState === EventSource.CLOSED) timer = setTimeout(open, PAUSE)
    }
  }

  watch(address, open)
  onMounted(() => {
    document.addEventListener('visibilitychange', open)
    open()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', open)
    close()
  })
  return { lost, open }
}
