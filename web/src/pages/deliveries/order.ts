// The deliveries that the list shows, in its order: `j` and `k` in the slider above it walk along them.
import { shallowRef } from 'vue'

export const order = shallowRef<{ id: number }[]>([])
