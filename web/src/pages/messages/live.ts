// What the page shows, as it changes.
import { useStream } from '@/api/live'
import { type Page, stream } from '@/api/messages'

/** Takes what comes for the dialog that is open; `lost` while there is no connection. */
export function useLive(dialog: () => string | undefined, take: (page: Page) => void) {
  const { lost, open } = useStream<Page>({ event: 'messages', address: () => stream(dialog()), take })
  return { lost, again: open }
}
