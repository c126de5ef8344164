// A test event on its way: sends it, and looks until its first try has ended.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { changed, useAction } from '@/api'
import { delivery, trial, type Delivery } from '../hook/api'

/** Milliseconds between looks; then it is told that it takes long. */
const LOOKS = [150, 250, 400, 600, 1000, 1000, 2000, 2000, 3000, 3000]

export function useTrial() {
  const found = shallowRef<Delivery>()
  const slow = ref(false)
  let gone = false
  onScopeDispose(() => gone = true)

  const { busy, error, run } = useAction(async (integration: number, event: string) => {
    found.value = undefined
    slow.value = false
    const { delivery: id } = await trial(integration, event)
    for (const wait of LOOKS) {
      await new Promise(resolve => setTimeout(resolve, wait))
      if (gone) return
      found.value = await delivery(id)
      if (found.value.tries?.length) break
    }
    slow.value = !found.value?.tries?.length
    changed('deliveries')
  })

  return { found, slow, busy, error, run }
}
