// The kind of records that an address means.
import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { kinds, loadKinds, useLoad } from '@/api'

/** `kind` is undefined until the kinds are known, and when there is none of that address. */
export function useKind() {
  const route = useRoute()
  const asked = useLoad(loadKinds)
  const address = computed(() => (route.params.number ? `type/${String(route.params.number)}` : String(route.params.type)))
  const kind = computed(() => kinds.value.find(one => one.address === address.value))
  /** All kinds are known, and this is none of them. */
  const isUnknown = computed(() => asked.data.value !== undefined && kind.value === undefined)
  return { kind, isUnknown, error: asked.error, reload: asked.reload }
}
