// Every page: axe finds nothing serious, in light and in dark, and on a phone no page scrolls sideways. That no page asks
// another host, breaks its policy or throws is seen by the visitor.
//
// One goes from page to page by the router, as links do; the phone opens each of them by its address. The themes are visited
// one after the other: where a page changes its theme, every colour on it fades, which takes longer than coming there again.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { complaints, tooWide } from './axe.mjs'
import { fill } from './fill.mjs'
import { LAYERS, pages } from './pages.mjs'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, Handler, setUp } from './walk.mjs'

/** What axe judges: everything, and in dark once more what a theme can change. */
const RULES = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] }

async function look(browser, made, theme) {
  const visitor = await Visitor.open(browser, { theme })
  await visitor.go('/sign-in')
  const found = await complaints(visitor, 'sign-in', RULES[theme])
  await visitor.signIn(ADMIN.email, ADMIN.password)
  for (const { name, path } of pages(made)) {
    await visitor.turn(path)
    found.push(...await complaints(visitor, name, RULES[theme]))
  }
  for (const { name, path, open } of pages(made, LAYERS)) {
    await visitor.go(path)
    await open(visitor.page)
    await visitor.settled()
    found.push(...await complaints(visitor, `${path} with ${name}`, RULES[theme]))
  }
  await visitor.leave()
  assert.ok(found.length === 0, `${theme}:\n${found.join('\n')}`)
  console.log(`OK ${theme}`)
}

async function phone(browser, made) {
  const visitor = await Visitor.open(browser, { size: SIZES.phone })
  await visitor.signIn(ADMIN.email, ADMIN.password)
  const wide = []
  for (const { name, path } of pages(made)) {
    await visitor.go(path)
    const over = await tooWide(visitor)
    if (over > 0) wide.push(`${name}: ${over} px too wide`)
  }
  await visitor.leave()
  assert.ok(wide.length === 0, `wider than a phone:\n${wide.join('\n')}`)
  console.log('OK phone')
}

await withBrowser(async browser => {
  const handler = await Handler.start((_, url) => (url === '/down' ? 500 : 200))
  const admin = await setUp(browser, env.WELCOME)
  const made = await fill(browser, admin, handler)
  await admin.leave()
  await look(browser, made, 'light')
  await look(browser, made, 'dark')
  await phone(browser, made)
  handler.stop()
})
