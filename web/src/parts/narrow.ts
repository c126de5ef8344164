// Whether the window is as narrow as a phone.
import { readonly, ref } from 'vue'

const query = matchMedia('(max-width: 640px)')
const narrow = ref(query.matches)
query.addEventListener('change', () => narrow.value = query.matches)

export const useNarrow = () => readonly(narrow)
