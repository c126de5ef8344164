// People to choose from while somebody types.
import { ref } from 'vue'
import type { Option } from '@/ui'
import { user } from '@/api'
import { findPeople } from '@/api/messages'

/** ms after the last letter. */
const QUIET = 200

/** `found` follows what was typed; from two letters on. */
export function usePeople() {
  const found = ref<Option<number>[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  function typed(text: string) {
    clearTimeout(timer)
    if (text.trim().length < 2) return
    timer = setTimeout(async () => {
      const people = await findPeople(text.trim()).catch(() => [])
      found.value = people.filter(one => one.id !== user.value?.id).map(one => ({ value: one.id, label: one.name, description: one.work_position }))
    }, QUIET)
  }
  return { found, typed }
}
