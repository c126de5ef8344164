// What axe has to say against a page.

import assert from 'node:assert/strict'
import { AXE, within } from './visitor.mjs'

/** Its complaints about what is shown, as far as they are serious. `rules` are those that are looked at; all without them. */
export async function complaints({ page }, name, rules) {
  await page.evaluate(AXE)
  const looking = page.evaluate(runOnly => globalThis.axe.run(document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) }), rules)
  const { violations } = await within(`axe to look at ${name}`, looking)
  const serious = violations.filter(one => ['serious', 'critical'].includes(one.impact))
  const about = one => [...one.any, ...one.all, ...one.none][0]?.message ?? ''
  return serious.flatMap(({ id, nodes }) => nodes.map(node => `${name}: ${id}: ${node.html.replace(/ (class|style)="[^"]*"/g, '').slice(0, 120)} ${about(node)}`))
}

/** By how many pixels something on a page is wider than the window; 0 when nothing is. */
export const tooWide = ({ page }) => page.evaluate(() => {
  const scrollers = [document.scrollingElement, document.getElementById('main'), ...document.querySelectorAll('[role="dialog"]')]
  return Math.max(0, ...scrollers.filter(Boolean).map(one => one.scrollWidth - innerWidth))
})

/** Axe has nothing against these pages, and nothing is wider than the window. */
export async function look(visitor, paths) {
  for (const path of paths) {
    await visitor.go(path)
    assert.deepEqual(await complaints(visitor, path), [])
    assert.equal(await tooWide(visitor), 0, path)
  }
}
