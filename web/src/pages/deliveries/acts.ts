// Sending again and cancelling: asks first, and says what came of it.
import { ref } from 'vue'
import { done } from '@/ui'
import { confirm } from '@/parts'
import { changed } from '@/api'
import { type Wanted, cancelDeliveries, cancelDelivery, replayDeliveries, replayDelivery } from '@/api/deliveries'
import { t } from '@/i18n'

/** What can be done to a delivery, to those that are ticked, and to all that a filter finds. */
export interface Act {
  /** The beginning of its texts. */
  texts: 'replay' | 'cancel'
  one: (id: number) => Promise<unknown>
  many: (wanted: Wanted) => Promise<{ count: number, more: boolean, before: number | null }>
}

export const replaying: Act = {
  texts: 'replay',
  one: replayDelivery,
  many: async wanted => {
    const { replayed, ...rest } = await replayDeliveries(wanted)
    return { count: replayed, ...rest }
  },
}

export const cancelling: Act = {
  texts: 'cancel',
  one: cancelDelivery,
  many: async wanted => {
    const { cancelled, ...rest } = await cancelDeliveries(wanted)
    return { count: cancelled, ...rest }
  },
}

/** Does it to one, once it was asked for. */
export async function actOnOne(act: Act, id: number): Promise<boolean> {
  if (!(await ask(act, 1))) return false
  await act.one(id)
  told(act, 1)
  return true
}

/** Does it to those that are ticked. Those to which it cannot be done are counted. */
export async function actOnTicked(act: Act, ids: number[]): Promise<boolean> {
  if (!(await ask(act, ids.length))) return false
  const { count } = await act.many({ ids })
  if (count < ids.length) done(t(`deliveries.${act.texts}-skipped`, { n: ids.length - count }))
  told(act, count)
  return true
}

function ask({ texts }: Act, n: number): Promise<boolean> {
  const words = { title: t(`deliveries.${texts}-title`), text: t(`deliveries.${texts}-about`, { n }), yes: t(`deliveries.${texts}-n`, { n }) }
  return confirm(texts === 'cancel' ? { ...words, danger: true, no: t('deliveries.cancel-no') } : words)
}

function told({ texts }: Act, n: number) {
  if (n > 0) done(t(`deliveries.${texts}-done`, { n }))
  changed('deliveries')
}

/** Does it to everything that a filter finds, step by step; it can be stopped between two steps. */
export function useActOnAll() {
  const running = ref<Act>()
  const count = ref(0)
  let stopped = false

  async function run(act: Act, filter: Wanted, shown: string): Promise<void> {
    const text = `${t(`deliveries.${act.texts}-all-about`)}\n\n${t('deliveries.all-filter', { filter: shown })}`
    const words = { title: t(`deliveries.${act.texts}-title`), text, yes: t(`deliveries.${act.texts}-all`) }
    if (!(await confirm(act.texts === 'cancel' ? { ...words, danger: true, no: t('deliveries.cancel-no') } : words))) return
    running.value = act
    count.value = 0
    stopped = false
    try {
      let before: number | null = null
      do {
        const step: Awaited<ReturnType<Act['many']>> = await act.many(before === null ? filter : { ...filter, before })
        count.value += step.count
        before = step.more ? step.before : null
      } while (before !== null && !stopped)
    } finally {
      running.value = undefined
      told(act, count.value)
    }
  }

  return { running, count, run, stop: () => (stopped = true) }
}
