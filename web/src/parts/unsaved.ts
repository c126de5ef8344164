// Work that is not saved: nothing takes it away unasked, neither a link nor a key, a closed tab or another row of a list.
import { onMounted, onUnmounted } from 'vue'
import { useRoute, type RouteLocationNormalized } from 'vue-router'
import { t } from '@/i18n'
import { confirm } from './confirm'

type To = Pick<RouteLocationNormalized, 'path' | 'query' | 'meta'>
interface Work { dirty: () => boolean, stays: (to: To) => boolean }

const all = new Set<Work>()

/**
 * Asks before work of this component is lost, as long as it is `dirty`. A form on a page stays while sliders open above it and
 * the query changes; a slider is its whole address, since that says what it shows.
 */
export function useUnsaved(dirty: () => boolean, slider = false) {
  const from = useRoute()
  const path = from.path
  const stays = (to: To) => (slider ? to.path === from.path && JSON.stringify(to.query) === JSON.stringify(from.query) : to.meta.over !== undefined || to.path === path)
  const work = { dirty, stays }
  const unload = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault()
  }
  onMounted(() => {
    all.add(work)
    addEventListener('beforeunload', unload)
  })
  onUnmounted(() => {
    all.delete(work)
    removeEventListener('beforeunload', unload)
  })
}

/** Whether nothing is lost on the way there, or the person wants it so. Without an address: when forms of the page are replaced. */
export async function mayLose(to?: To): Promise<boolean> {
  const lost = [...all].some(work => work.dirty() && !(to && work.stays(to)))
  return !lost || confirm({ title: t('common.unsaved'), text: t('common.unsavedMore'), yes: t('common.unsavedClose'), no: t('common.unsavedStay'), danger: true })
}
