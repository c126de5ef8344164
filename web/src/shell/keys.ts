// The keys that work everywhere. Single letters are off while somebody types, and can be switched off (WCAG 2.1.4).
import { onMounted, onUnmounted, ref } from 'vue'
import { useRouter } from 'vue-router'
import { ALL } from './pages'

const STORED = 'portreeve-letter-keys'
/** How long after `g` a letter still counts. */
const CHORD = 1200

export const lettersOn = ref(localStorage.getItem(STORED) !== 'off')

export function switchLetters(on: boolean) {
  lettersOn.value = on
  localStorage.setItem(STORED, on ? 'on' : 'off')
}

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role=menu], [role=listbox]') !== null
}

/** Whether a dialog or a slider covers the page. */
const covered = () => document.querySelector('[role=dialog], [role=alertdialog]') !== null

export function useKeys(open: { palette: () => void, help: () => void }) {
  const router = useRouter()
  let afterG = 0

  function press(event: KeyboardEvent) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      return open.palette()
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !lettersOn.value || typing(event.target) || event.defaultPrevented) return
    if (event.key === '?') return open.help()
    if (covered()) return
    if (letter(event.key)) event.preventDefault()
  }

  function letter(key: string): boolean {
    const chord = Date.now() - afterG < CHORD
    afterG = 0
    if (chord) {
      const page = ALL.find(link => link.key === key)
      if (page) void router.push(page.to)
      return page !== undefined
    }
    if (key === 'g') afterG = Date.now()
    else if (key === '/') return reach('[data-filter] input, input[data-filter]', 'focus')
    else if (key === 'n') return reach('[data-new]', 'click')
    return false
  }

  onMounted(() => addEventListener('keydown', press))
  onUnmounted(() => removeEventListener('keydown', press))
}

function reach(selector: string, act: 'focus' | 'click'): boolean {
  const found = document.querySelector<HTMLElement>(selector)
  found?.[act]()
  return found !== null
}
