// Questions that stand before what cannot be taken back: taking over, and deleting.
import { confirm } from '@/parts'
import { changed } from '@/api'
import { t } from '@/i18n'
import { callsOfLateDay, type Integration, remove } from './api'

/** From this many days on, a webhook counts as forgotten. */
const LATELY = 7 * 86_400_000

export function mayTakeOver(one: Integration): Promise<boolean> {
  const both = one.outbound ? `\n\n${t('in-hook.takeOverToken')}` : ''
  return confirm({
    title: t('in-hook.takeOverTitle'),
    text: (one.inbound ? t('in-hook.takeOverText', { user: one.user.name }) : t('in-hook.takeOverOutText', { user: one.user.name })) + both,
    yes: one.inbound ? t('in-hook.takeOverYes') : t('in-hook.takeOverOutYes'),
    danger: true
  })
}

/** Asks, and deletes; what was used lately must be named first. */
export async function deleted(one: Integration): Promise<boolean> {
  const used = one.inbound?.last_used
  const lately = used !== null && used !== undefined && Date.now() - new Date(used).getTime() < LATELY
  const calls = lately ? await callsOfLateDay(one.id).catch(() => 0) : 0
  const text = [calls ? t('in-hook.deleteCalls', { n: calls }) : '', one.kind === 'both' ? t('in-hook.deleteBoth') : t('in-hook.deleteText')]
  const yes = await confirm({
    title: t('in-hook.deleteTitle', { title: one.title }),
    text: text.filter(Boolean).join('\n\n'),
    yes: t('in-hook.delete'),
    danger: true,
    ...(lately ? { type: one.title } : {})
  })
  if (!yes) return false
  await remove(one.id)
  changed('integrations')
  return true
}
