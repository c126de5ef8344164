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
/** What this person chose in this browser. */
type Choice = 'shown' | 'away' | null

export type First = ReturnType<typeof useFirstSteps>

export function useFirstSteps() {
  const key = `portreeve-first-steps-${user.value?.id ?? 0}`
  const choice = ref(localStorage.getItem(key) as Choice)
  /** Unknown until the streams are open. */
  const calls = shallowRef<Call[]>()
  const deliveries = shallowRef<Delivery[]>()
  /** They were not done when this page was opened: then they stay until it is left. */
  const begun = ref(false)

  const { data, error, loading, reload } = useLoad(async signal => (choice.value === 'away' ? undefined : found(signal)), [choice], ['integrations'])
  const facts = computed<Facts | undefined>(() => data.value && {
    integrations: data.value.integrations,
    called: data.value.called || Boolean(calls.value?.length),
    told: data.value.told || Boolean(deliveries.value?.some(one => one.state === 'delivered')),
  })
  watch(facts, now => begun.value ||= now !== undefined && !finished(now))
  const shown = computed(() => facts.value !== undefined && choice.value !== 'away' && (choice.value === 'shown' || begun.value || !finished(facts.value)))
  /** Until then nobody knows whether they are shown. */
  const known = computed(() => choice.value === 'away' || facts.value !== undefined || error.value !== undefined)

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

  function choose(wanted: 'shown' | 'away') {
    choice.value = wanted
    localStorage.setItem(key, wanted)
  }
  return { facts, shown, known, loading: computed(() => loading.value && !known.value), calls, deliveries, lost: computed(() => callsLive.lost.value || deliveriesLive.lost.value), choose }
}

async function found(signal: AbortSignal): Promise<Facts> {
  const [{ integrations }, { calls }, { deliveries }] = await Promise.all([
    listIntegrations({ user: user.value?.id, size: 200 }, signal),
    listCalls({ mine: true, limit: 1 }, signal),
    listDeliveries({ mine: true, state: 'delivered', limit: 1 }, signal),
  ])
  // Where no calls are logged, a webhook knows that it was used.
  return { integrations, called: calls.length > 0 || integrations.some(one => one.last_used !== null), told: deliveries.length > 0 }
}
