// How much the person has not read, for the sidebar. Asked again now and then while somebody looks; the page of messages
// knows it at once.
import { onScopeDispose, ref, type Ref } from 'vue'
import { counters } from '@/api/messages'

const EVERY = 30_000
export const unread = ref(0)

async function look() {
  if (document.hidden) return
  const found = await counters().catch(() => undefined)
  if (found) unread.value = found.TYPE.ALL
}

export function unreadMessages(): Ref<number> {
  void look()
  const timer = setInterval(look, EVERY)
  onScopeDispose(() => clearInterval(timer))
  return unread
}
