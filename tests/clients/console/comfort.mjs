// That the console is pleasant: the first page leads to a first call, long names keep their place, people are found by their names,
// and what can be typed into can be seen.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

async function beginning(visitor) {
  const { page } = visitor
  await visitor.go('/devops/')
  const cards = page.getByRole('heading', { name: 'Or on your own' }).locator('xpath=following-sibling::ul[1]').getByRole('link')
  assert.deepEqual((await cards.allTextContents()).slice(0, 2), ['Call the REST API', 'Receive events'])
  await cards.first().click()
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Method: crm.lead.list' }).waitFor()
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  await panel.getByText(/curl .*crm\.lead\.list/s).first().waitFor()

  // What came for one method is not shown under another.
  await panel.getByRole('button', { name: 'Execute', exact: true }).click()
  await panel.getByRole('region', { name: 'Response' }).waitFor()
  await panel.getByRole('button', { name: /^Method/ }).click()
  await page.keyboard.type('crm.deal.get')
  await page.getByRole('option', { name: 'crm.deal.get' }).first().click()
  await panel.getByRole('region', { name: 'Response' }).waitFor({ state: 'detached' })
  // Whoever only tries methods is asked about nothing.
  await panel.getByRole('button', { name: 'Execute', exact: true }).click()
  await panel.getByRole('region', { name: 'Response' }).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  console.log('OK the first page leads to a first call')
}

const overflow = element => element.evaluate(one => one.scrollWidth - one.clientWidth)

async function longNames(visitor) {
  const { page } = visitor
  const long = 'Warenwirtschaftsschnittstelle'.repeat(8)
  await visitor.api('POST', '/api/integrations', { scenario: 'in-hook', title: long, inbound: { scopes: ['crm'] } })
  await visitor.api('POST', '/api/call/crm.lead.add', { fields: { TITLE: long, NAME: long } })
  const { id } = await visitor.api('POST', '/api/users', { email: 'long@example.com', name: long.slice(0, 100), last_name: long.slice(0, 100), position: long.slice(0, 200), departments: [] })
  for (const path of ['/devops/list/', '/crm/lead/list/', '/company/', `/company/personal/user/${id}/`]) {
    await visitor.go(path)
    const table = page.getByRole('table')
    if (await table.count()) assert.ok(await overflow(table.locator('xpath=..')) <= 0, `${path} is wider than its place`)
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), path)
  }
  await visitor.go('/devops/list/')
  await page.getByRole('button', { name: `Actions for ${long}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const question = page.getByRole('dialog').last()
  await question.getByRole('button', { name: 'Cancel' }).waitFor()
  assert.ok(await overflow(question) <= 0, 'the question holds the name')
  const box = await question.boundingBox()
  const title = await question.getByRole('heading').boundingBox()
  assert.ok(title.x + title.width <= box.x + box.width)
  await question.getByRole('button', { name: 'Cancel' }).click()
  console.log('OK long names keep their place')
}

async function names(visitor) {
  const { page } = visitor
  await visitor.go('/company/roles/')
  const main = page.getByRole('main')
  await main.getByLabel('Name', { exact: true }).waitFor()
  await main.getByRole('button', { name: /^Who has it/ }).click()
  await page.keyboard.type('Berit')
  await page.getByRole('option', { name: 'Berit Holm' }).click()
  await main.getByRole('button', { name: 'Remove Berit Holm' }).waitFor()
  await main.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Role saved').first().waitFor()
  const { roles } = await visitor.api('GET', '/api/roles')
  assert.ok(roles[0].members.includes('U1'))

  await visitor.api('POST', '/api/integrations', { scenario: 'in-hook', title: 'Timesheets', inbound: { scopes: ['crm'] } })
  const found = async search => (await visitor.api('GET', `/api/integrations?search=${search}`)).integrations.length
  assert.ok(await found('holm') > 1 && await found('Holm+Timesheets') === 1 && await found('nobody') === 0, 'owners are searched')
  console.log('OK people are found by their names')
}

/** How much lighter one colour is than another, as WCAG counts it. */
function contrast(a, b) {
  const light = colour => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map(part => Number(part) / 255).map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
  }
  const [one, other] = [light(a), light(b)]
  return Math.max(one, other) / Math.min(one, other)
}

async function sights(browser) {
  for (const theme of ['light', 'dark']) {
    const visitor = await Visitor.open(browser, { theme })
    await visitor.signIn(ADMIN.email, ADMIN.password)
    await visitor.go('/devops/edit/in-hook/0/')
    const panel = editor(visitor.page)
    const [border, ground, slider, page] = await panel.getByLabel('Name', { exact: true }).evaluate(input => {
      const ring = getComputedStyle(input).boxShadow.match(/rgb\([^)]*\) 0px 0px 0px 1px inset/)[0].match(/rgb\([^)]*\)/)[0]
      const colour = one => getComputedStyle(one).backgroundColor
      return [ring, colour(input.closest('section')), colour(input.closest('[role=dialog]')), colour(document.body)]
    })
    assert.ok(contrast(border, ground) >= 3, `${theme}: ${border} on ${ground}`)
    assert.equal(slider, page, `${theme}: a slider has the ground of a page`)
    await panel.getByRole('tab', { name: 'JSON' }).click()
    assert.match(await panel.getByLabel('Parameters as JSON').evaluate(one => getComputedStyle(one).fontFamily), /mono/i)
    const button = visitor.page.locator('[aria-label="Collapse the sidebar"]')
    const top = await button.evaluate(one => {
      const { x, y, width, height } = one.getBoundingClientRect()
      return one.contains(document.elementFromPoint(x + width / 2, y + height / 2))
    })
    assert.ok(!top, 'nothing of the page beneath lies above a slider')
    await visitor.leave()
  }
  console.log('OK fields and layers can be told apart')
}

await withBrowser(async browser => {
  await (await setUp(browser, env.WELCOME)).leave()
  const visitor = await Visitor.open(browser)
  await visitor.signIn(ADMIN.email, ADMIN.password)
  for (const part of [beginning, longNames, names]) await part(visitor)
  await visitor.leave()
  await sights(browser)
})
