// What a slider shows: the one thing that the number in its path names, or with 0 a new one.
import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { changed, useLoad, type Topic } from '@/api'
import { done } from '@/ui'
import { useClose } from './close'

/**
 * `load` gets the number, also 0. `shown` is what it gave for the number that the path has now. `open` and `back` have
 * the lists of the topic loaded again; what is shown here is loaded again when one of `follows` changes.
 */
export function useOne<T>(topic: Topic, load: (id: number) => Promise<T>, follows: Topic[] = []) {
  const route = useRoute()
  const router = useRouter()
  const close = useClose()
  const id = computed(() => Number(route.params.id))
  const isNew = computed(() => id.value === 0)
  const { data, error, loading, reload } = useLoad(async () => {
    const of = id.value
    return { of, found: await load(of) }
  }, [id], follows)
  const shown = computed(() => (data.value?.of === id.value ? data.value.found : undefined))
  /** On the way out, when nothing is lost any more. */
  const left = ref(false)

  function leave(said?: string) {
    left.value = true
    changed(topic)
    if (said) done(said)
  }
  /** Goes on with what has been made. */
  async function open(path: string, said?: string) {
    leave(said)
    await router.replace(path)
    left.value = false
  }
  /** Goes back to the list, when nothing is left to do here. */
  async function back(said?: string) {
    leave(said)
    await close()
  }
  return { id, isNew, shown, error, loading, reload, left, open, back }
}
