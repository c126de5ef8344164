// What the console costs its visitors. The weights are asserted; the time until one can act is printed, and asserted only
// against a bound that a machine with nothing else to do keeps ten times over: what it measures here is the neighbours.
//
// WELCOME is the link that a new server printed, DIST the folder of the built front end.

import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { gzipSync } from 'node:zlib'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, setUp } from './walk.mjs'

const KB = 1024
// All pages together grow with what there is to see; what one waits for, the first page, does not.
const MOST = { js: 576 * KB, css: 48 * KB, firstPage: 332 * KB }
/** Seconds. The aim is 1. */
const PATIENCE = 10

async function whole() {
  const sums = { js: 0, css: 0 }
  for (const name of await readdir(env.DIST, { recursive: true })) {
    const kind = name.split('.').at(-1)
    if (kind in sums) sums[kind] += gzipSync(await readFile(join(env.DIST, name)), { level: 9 }).length
  }
  for (const [kind, size] of Object.entries(sums)) {
    console.log(`${kind}: ${Math.ceil(size / KB)} KB of ${MOST[kind] / KB}`)
    assert.ok(size > 0 && size <= MOST[kind], `${size} bytes of ${kind}`)
  }
  console.log('OK the whole')
}

/** What comes over the wire until a page is whole, and the seconds until its main heading stands there. */
async function visit(browser, path, before = async () => {}) {
  const visitor = await Visitor.open(browser)
  await before(visitor)
  const wire = await visitor.context.newCDPSession(visitor.page)
  await wire.send('Network.enable')
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  wire.on('Network.loadingFinished', event => { bytes += event.encodedDataLength })
  const ready = visitor.page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.readyState === 'loading' || !document.querySelector('main h1, [role="dialog"] h1')) return
      globalThis.portreeveTestReady = performance.now()
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })
  })
  await ready
  await visitor.go(path)
  const seconds = await visitor.page.evaluate(() => globalThis.portreeveTestReady / 1000)
  await visitor.leave()
  console.log(`${path}: ${Math.ceil(bytes / KB)} KB, interactive after ${seconds.toFixed(2)} s`)
  assert.ok(seconds < PATIENCE, `${seconds} s until ${path} was there`)
  return bytes
}

await withBrowser(async browser => {
  await whole()
  const admin = await setUp(browser, env.WELCOME)
  await admin.leave()
  const signedIn = visitor => visitor.signIn(ADMIN.email, ADMIN.password)
  const first = [await visit(browser, '/sign-in'), await visit(browser, '/devops/', signedIn)]
  for (const bytes of first) assert.ok(bytes > 0 && bytes <= MOST.firstPage, `${bytes} bytes for the first page`)
  for (const path of ['/devops/list/', '/devops/edit/in-hook/0/', '/devops/statistic/']) await visit(browser, path, signedIn)
  console.log('OK the first page')
})
