// How many deliveries failed in the last 24 hours, for the sidebar. Asked again now and then while somebody looks.
import { onScopeDispose, ref, type Ref } from 'vue'
import { deliveriesStrip } from '@/api/deliveries'

const EVERY = 60_000
const failed = ref(0)

async function look() {
  if (document.hidden) return
  const strip = await deliveriesStrip({ state: 'failed' }).catch(() => undefined)
  if (strip) failed.value = strip.bars.reduce((sum, bar) => sum + bar.failed, 0)
}

export function failedDeliveries(): Ref<number> {
  void look()
  const timer = setInterval(look, EVERY)
  onScopeDispose(() => clearInterval(timer))
  return failed
}
