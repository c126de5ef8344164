// What somebody types, once they pause: nothing is asked at each letter.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const PAUSE = 250

/** Follows a source, as soon as that has been still for so many ms. */
export function useSettled(source: () => string, pause = PAUSE): Readonly<Ref<string>> {
  const settled = ref(source())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, now => {
    clearTimeout(timer)
    timer = setTimeout(() => settled.value = now, pause)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
