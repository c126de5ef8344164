// What is known of somebody's first steps, as it changes, and whether they are shown.
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { useLoad, user } from '@/api'
import { type Call, type Page as Calls, STREAM as CALLS, listCalls } from '@/api/calls'
import { type Delivery, type Page as Deliveries, STREAM as DELIVERIES, listDeliveries } from '@/api/deliveries'
import { listIntegrations } from '@/api/integrations'
import { useStream } from '@/api/live'
import { type Facts, finished } from './steps'

/** So many of the newest calls and events are shown. */
const MOST = 3
/** What this person chose in this browser; or that they were done, which is not undone by deleting what was made for it. */
type Choice = 'shown' | 'away' | 'done' | null

export type First = ReturnType<typeof useFirstSteps>

export function useFirstSteps() {
  const key = `portreeve-first-steps-${user.value?.id ?? 0}`
  const choice = ref(localStorage.getItem(key) as Choice)
  /** Unknown until they are read; then as they change. */
  const calls = shallowRef<Call[]>()
  const deliveries = shallowRef<Delivery[]>()
  /** They were not done when this page was opened: then they stay until it is left. */
  const begun = ref(false)

  const idle = computed(() => choice.value === 'away' || (choice.value === 'done' && !begun.value))
  const { data, error, loading, reload } = useLoad(async signal => {
    if (idle.value) return undefined
    const all = await found(signal)
    // What the streams brought is newer.
    calls.value ??= all.calls
    deliveries.value ??= all.deliveries
    return all
  }, [choice], ['integrations'])
  const facts = computed<Facts | undefined>(() => data.value && {
    integrations: data.value.integrations,
    // Where no calls are logged, a webhook knows that it was used.
    called: Boolean(calls.value?.length) || data.value.integrations.some(one => one.last_used !== null),
    told: data.value.told || Boolean(deliveries.value?.some(delivered)),
  })
  watch(facts, now => {
    if (!now) return
    if (!finished(now)) begun.value = true
    else if (choice.value === null) choose('done')
  })
  const shown = computed(() => facts.value !== undefined && !idle.value && (choice.value === 'shown' || begun.value || !finished(facts.value)))
  /** Until then nobody knows whether they are shown. */
  const known = computed(() => idle.value || facts.value !== undefined || error.value !== undefined)

  const address = (stream: string) => () => (shown.value ? `${stream}?mine=true&limit=${MOST}` : undefined)
  const callsLive = useStream<Calls>({ event: 'calls', address: address(CALLS), take: page => calls.value = page.calls })
  const deliveriesLive = useStream<Deliveries>({
    event: 'deliveries',
    address: address(DELIVERIES),
    take(page, first) {
      deliveries.value = page.deliveries
      // A handler of the command line may have come.
      if (!first) void reload()
    },
  })

  // Whoever comes back from a terminal may have made something there.
  const look = () => shown.value && void reload()
  onMounted(() => addEventListener('focus', look))
  onBeforeUnmount(() => removeEventListener('focus', look))

  function choose(wanted: Exclude<Choice, null>) {
    choice.value = wanted
    localStorage.setItem(key, wanted)
  }
  return { facts, shown, known, loading: computed(() => loading.value && !known.value), calls, deliveries, lost: computed(() => callsLive.lost.value || deliveriesLive.lost.value), choose }
}

const delivered = (one: Delivery) => one.state === 'delivered'

async function found(signal: AbortSignal) {
  const [{ integrations }, { calls }, { deliveries }] = await Promise.all([
    listIntegrations({ user: user.value?.id, size: 200 }, signal),
    listCalls({ mine: true, limit: MOST }, signal),
    listDeliveries({ mine: true, limit: MOST }, signal),
  ])
  // The newest may all be under way, or have failed.
  const older = deliveries.length < MOST || deliveries.some(delivered) ? [] : (await listDeliveries({ mine: true, state: 'delivered', limit: 1 }, signal)).deliveries
  return { integrations, calls, deliveries, told: older.length > 0 }
}
