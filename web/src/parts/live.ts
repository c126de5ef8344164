// The first page of a list as it changes. What comes while the list is paused waits until it no longer is.
import { ref, shallowRef, watch } from 'vue'
import { useStream } from '@/api/live'

interface Options<Page> {
  /** The name of the events. */
  event: string
  /** Where they come from; none while it is switched off. */
  address: () => string | undefined
  /** Whether the list stands still now. */
  paused: () => boolean
  /** Takes a page that came. */
  take: (page: Page) => void
}

/** `lost` while there is no connection; `held` while news wait. */
export function useLive<Page>({ event, address, paused, take }: Options<Page>) {
  const waiting = shallowRef<Page>()
  const held = ref(false)

  function forget() {
    waiting.value = undefined
    held.value = false
  }

  const { lost } = useStream<Page>({
    event,
    address,
    take(page, first) {
      if (!paused()) take(page)
      // The first is what there was, not news.
      else if (!first) [waiting.value, held.value] = [page, true]
    },
    forget,
  })
  watch(paused, still => {
    if (still || waiting.value === undefined) return
    take(waiting.value)
    forget()
  })
  return { lost, held }
}
