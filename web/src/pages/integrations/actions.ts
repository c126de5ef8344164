// What is done to integrations from the list: to one or to many. Asks first, and tells what came of it.
import { done } from '@/ui'
import { confirm } from '@/parts'
import { ApiError, asApiError, changed } from '@/api'
import { type Integration, deleteIntegration, heldOf, setIntegrationActive } from '@/api/integrations'
import { t } from '@/i18n'
import { effect } from './list'

/** Deletes after the effect was told. */
export async function deleteAll(rows: Integration[]): Promise<void> {
  const { count, handlers, calls } = effect(rows)
  const parts = [
    rows.map(row => row.title).slice(0, 5).join(', ') + (count > 5 ? ` … ${t('integrations.more', { n: count - 5 })}` : ''),
    calls > 0 ? t('integrations.delete-calls', { n: calls }) : t('integrations.delete-idle'),
    handlers > 0 ? t('integrations.delete-events', { n: handlers }) : '',
    t('integrations.delete-parts'),
  ]
  const text = parts.filter(part => part !== '').join('\n\n')
  const asked = { title: t('integrations.delete-title', { n: count }), text, yes: t('integrations.delete'), danger: true }
  if (!(await confirm(asked))) return
  await each(rows, row => deleteIntegration(row.id))
  done(t('integrations.deleted', { n: count }))
}

/** Pauses, which is asked for, or lets work again: that is asked when it sends events that were held. */
export async function switchAll(rows: Integration[], active: boolean): Promise<void> {
  const n = rows.length
  const asked = active ? await ofHeld(rows) : { title: t('integrations.pause-title', { n }), text: t('integrations.pause-about'), yes: t('integrations.pause') }
  if (asked && !(await confirm(asked))) return
  await each(rows, row => setIntegrationActive(row.id, active))
  done(t(active ? 'integrations.resumed' : 'integrations.paused', { n }))
}

/** What is asked when events were held of any of them; the editor has more to choose from. */
async function ofHeld(rows: Integration[]) {
  const told = rows.filter(row => row.kind !== 'in')
  const counts = await Promise.all(told.map(row => heldOf(row.id)))
  const held = counts.reduce((sum, count) => sum + count.held, 0)
  if (held === 0) return undefined
  return { title: t('integrations.resume-title', { n: rows.length }), text: t('integrations.resume-held', { n: held }), yes: t('integrations.resume') }
}

/** One after the other; what failed does not hold up the rest, and is told at the end. */
async function each(rows: Integration[], act: (row: Integration) => Promise<unknown>): Promise<void> {
  const failures: ApiError[] = []
  for (const row of rows) {
    try {
      await act(row)
    } catch (error) {
      failures.push(asApiError(error))
    }
  }
  changed('integrations')
  const [one] = failures
  if (one === undefined) return
  if (rows.length === 1) throw one
  const told = t('integrations.only-some', { done: rows.length - failures.length, n: rows.length })
  throw new ApiError(one.status, one.code, `${told} ${one.message}`)
}
