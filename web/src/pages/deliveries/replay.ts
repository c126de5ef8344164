// Sending again: asks first, and says what came of it.
import { ref } from 'vue'
import { done } from '@/ui'
import { confirm } from '@/parts'
import { changed } from '@/api'
import { type Again, replayDeliveries, replayDelivery } from '@/api/deliveries'
import { t } from '@/i18n'

/** Sends one again, once it was asked for. */
export async function replayOne(id: number): Promise<boolean> {
  if (!(await ask(1))) return false
  await replayDelivery(id)
  told(1)
  return true
}

/** Sends those that are ticked. What cannot be sent is counted. */
export async function replayTicked(ids: number[]): Promise<boolean> {
  if (!(await ask(ids.length))) return false
  const { replayed } = await replayDeliveries({ ids })
  if (replayed < ids.length) done(t('deliveries.replay-skipped', { n: ids.length - replayed }))
  if (replayed > 0) told(replayed)
  return true
}

function ask(n: number): Promise<boolean> {
  return confirm({ title: t('deliveries.replay-title'), text: t('deliveries.replay-about', { n }), yes: t('deliveries.replay-n', { n }) })
}

function told(n: number) {
  done(t('deliveries.replayed', { n }))
  changed('deliveries')
}

/** Sends everything that a filter finds, step by step; it can be stopped between two steps. */
export function useReplayAll() {
  const running = ref(false)
  const count = ref(0)
  let stopped = false

  async function run(filter: Again, shown: string): Promise<void> {
    const text = `${t('deliveries.replay-all-about')}\n\n${t('deliveries.replay-all-filter', { filter: shown })}`
    if (!(await confirm({ title: t('deliveries.replay-title'), text, yes: t('deliveries.replay-all') }))) return
    running.value = true
    count.value = 0
    stopped = false
    try {
      let before: number | null = null
      do {
        const step: Awaited<ReturnType<typeof replayDeliveries>> = await replayDeliveries(before === null ? filter : { ...filter, before })
        count.value += step.replayed
        before = step.more ? step.before : null
      } while (before !== null && !stopped)
    } finally {
      running.value = false
      told(count.value)
    }
  }

  return { running, count, run, stop: () => (stopped = true) }
}
