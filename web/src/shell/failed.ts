// How many deliveries failed in the last 24 hours, for the sidebar. Asked again now and then while somebody looks.
import { onScopeDispose, ref, type Ref } from 'vue'
import { api } from '@/api'

const EVERY = 60_000
const failed = ref(0)

async function look() {
  if (document.hidden) return
  const summary = await api.get<{ hours: { failed: number }[] }>('/api/deliveries/summary').catch(() => undefined)
  if (summary) failed.value = summary.hours.reduce((sum, hour) => sum + hour.failed, 0)
}

export function failedDeliveries(): Ref<number> {
  void look()
  const timer = setInterval(look, EVERY)
  onScopeDispose(() => clearInterval(timer))
  return failed
}
