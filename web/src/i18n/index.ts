// Texts and dates in the language and the time zone of whoever looks. The texts are in locales/<language>/<area>.json;
// a key is `area.name`. A value is a text with {holes}, or forms by number: {"one": …, "few": …, "other": …}.
import { computed, shallowRef, watch } from 'vue'
import type en from './locales/en'
import { fill, type Texts } from './fill'

export type Language = 'en' | 'ru'
type Areas = typeof en
/** Every key there is. */
export type Key = { [A in keyof Areas]: `${A & string}.${keyof Areas[A] & string}` }[keyof Areas]
type Params = Record<string, string | number>

export const LANGUAGES: { value: Language, label: string }[] = [{ value: 'en', label: 'English' }, { value: 'ru', label: 'Русский' }]
const STORED = 'portreeve-language'

const texts = shallowRef<Record<string, Texts>>({})
const current = shallowRef<Language>('en')
export const language = computed(() => current.value)

/** The language chosen here before, or else the browser's. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'en' || stored === 'ru') return stored
  return navigator.languages.some(one => one.toLowerCase().startsWith('ru')) && !navigator.languages[0]?.toLowerCase().startsWith('en') ? 'ru' : 'en'
}

export async function setLanguage(wanted: Language, remember = true) {
  const found = wanted === 'ru' ? await import('./locales/ru') : await import('./locales/en')
  texts.value = found.default
  current.value = wanted
  document.documentElement.lang = wanted
  if (remember) localStorage.setItem(STORED, wanted)
}

/** The text of a key. `n` chooses the form by number. */
export function t(key: Key, params?: Params): string {
  return say(key, params)
}

/** The text of a key that is put together at run time: tx(`scenarios.${code}.title`). */
export function tx(key: string, params?: Params): string {
  return say(key, params)
}

/** Whether there is such a text. */
export const has = (key: string): boolean => lookUp(key) !== undefined

function lookUp(key: string) {
  const dot = key.indexOf('.')
  return texts.value[key.slice(0, dot)]?.[key.slice(dot + 1)]
}

function say(key: string, params: Params = {}): string {
  const text = lookUp(key)
  return text === undefined ? key : fill(text, params, current.value)
}

/** A number as the language writes it. */
export const number = (value: number): string => value.toLocaleString(current.value)

/** The document's title. */
export function useTitle(title: () => string) {
  watch(title, text => {
    document.title = text ? `${text} · Portreeve` : 'Portreeve'
  }, { immediate: true })
}
