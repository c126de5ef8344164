// A clock that ticks every half minute, shared by everything that says how long ago something was.
import { readonly, ref } from 'vue'

const now = ref(Date.now())
setInterval(() => now.value = Date.now(), 30_000)

export const useNow = () => readonly(now)
