// The texts: every language has the same ones with the same holes, every one is used, and none is missing. And the
// kit stays in its folder.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import en from '../src/i18n/locales/en/index'
import ru from '../src/i18n/locales/ru/index'
import { fill, type Text } from '../src/i18n/fill'

const SRC = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => /\.(ts|vue)$/.test(name) && !name.endsWith('.test.ts'))
const sources = new Map(files.map(name => [name, readFileSync(join(SRC, name), 'utf8')]))
const code = [...sources].filter(([name]) => !name.startsWith('i18n/locales')).map(([, text]) => text).join('\n')

const flat = (areas: object) => new Map(Object.entries(areas).flatMap(([area, texts]) =>
  Object.entries(texts as Record<string, Text>).map(([key, text]) => [`${area}.${key}`, text] as const)))
const english = flat(en)
const russian = flat(ru)
const holes = (text: Text) => [...new Set(Object.values(typeof text === 'string' ? { other: text } : text).flatMap(form => form!.match(/\{\w+\}/g) ?? []))].sort()

test('both languages have the same texts with the same holes', () => {
  assert.deepEqual([...russian.keys()].sort(), [...english.keys()].sort())
  for (const [key, text] of english) assert.deepEqual(holes(russian.get(key)!), holes(text), key)
})

test('forms by number are those of the language', () => {
  for (const [texts, language] of [[english, 'en'], [russian, 'ru']] as const) {
    const wanted = [1, 2, 5, 1.5].map(n => new Intl.PluralRules(language).select(n))
    for (const [key, text] of texts) {
      if (typeof text === 'object') assert.deepEqual(wanted.filter(form => text[form] === undefined), [], `${language} ${key}`)
    }
  }
  assert.equal(fill({ one: '{n} лид', few: '{n} лида', many: '{n} лидов', other: '{n} лида' }, { n: 22 }, 'ru'), '22 лида')
})

/** Keys that stand in the code, and those put together there: `area.${x}.title`. */
const literal = new Set([...code.matchAll(/['"`]([a-z-]+\.[\w.-]+)['"`]/g)].map(([, key]) => key!))
const patterns = [...code.matchAll(/`([a-z-]+\.[^`\s]*\$\{[^`]*)`/g)]
  .map(([, text]) => new RegExp(`^${text!.split(/\$\{(?:[^{}]|\{[^}]*\})*\}/).map(part => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('.+')}$`))

test('no text is unused', () => {
  const unused = [...english.keys()].filter(key => !literal.has(key) && !patterns.some(pattern => pattern.test(key)))
  assert.deepEqual(unused, [])
})

test('no text is missing', () => {
  const asked = [...code.matchAll(/\btx?\(\s*['"]([^'"]+)['"]/g)].map(([, key]) => key!)
  assert.deepEqual([...new Set(asked)].filter(key => !english.has(key)), [])
})

test('only src/ui knows the kit', () => {
  const outside = [...sources].filter(([name, text]) => !name.startsWith('ui/') && text.includes('@bitrix24/b24')).map(([name]) => name)
  assert.deepEqual(outside, [])
})
