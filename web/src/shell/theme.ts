// Light, dark, or as the system has it. Kept in this browser.
import { ref, watchEffect } from 'vue'

export type ThemeChoice = 'system' | 'light' | 'dark'
const STORED = 'portreeve-theme'

const stored = localStorage.getItem(STORED)
export const theme = ref<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system')

const dark = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(dark.matches)
dark.addEventListener('change', () => systemIsDark.value = dark.matches)

/** Keeps the root element's class true to the choice. */
export function applyTheme() {
  watchEffect(() => {
    const isDark = theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value)
    const { classList } = document.documentElement
    classList.toggle('dark', isDark)
    classList.toggle('light', !isDark)
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light'
  })
}

export function chooseTheme(choice: ThemeChoice) {
  theme.value = choice
  localStorage.setItem(STORED, choice)
}
