// An outbound webhook whose handler gets only so much, set with the keyboard, refused beyond what the operator allows, in both
// languages and on a phone.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, Handler, setUp } from './walk.mjs'

const limitsOf = async (visitor, id) => {
  const { outbound } = await visitor.api('GET', `/api/integrations/${id}`)
  return [outbound.rate, outbound.concurrency]
}

async function keyboard(visitor, id) {
  const { page } = visitor
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(page)
  await panel.getByRole('button', { name: 'Limits', exact: true }).focus()
  await page.keyboard.press('Enter')
  await panel.getByLabel('Requests per second').focus()
  await page.keyboard.type('501')
  await page.keyboard.press('Tab')
  await page.keyboard.type('2')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByText('Requests per second must be between 1 and 500.').first().waitFor()
  assert.deepEqual(await limitsOf(visitor, id), [null, null], 'nothing was saved')
  await panel.getByLabel('Requests per second').fill('many')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByText('Requests per second must be between 1 and 500.').first().waitFor()
  await panel.getByLabel('Requests per second').fill('20')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Webhook saved').first().waitFor()
  assert.deepEqual(await limitsOf(visitor, id), [20, 2])
  console.log('OK limits are set with the keyboard, and refused with a reason')
}

async function phone(browser, id) {
  const visitor = await Visitor.open(browser, { locale: 'ru-RU', size: SIZES.phone })
  await visitor.go('/sign-in')
  await visitor.api('POST', '/api/session', { email: ADMIN.email, password: ADMIN.password, remember: false })
  await visitor.go(`/devops/edit/out-hook/${id}/`)
  const panel = editor(visitor.page)
  const rate = panel.getByLabel('Запросов в секунду')
  assert.equal(await rate.inputValue(), '20', 'what is set is open')
  assert.equal(await panel.evaluate(one => one.scrollWidth > one.clientWidth), false, 'it fits a phone')
  await rate.fill('')
  assert.match(await rate.getAttribute('placeholder'), /500/)
  await panel.getByRole('button', { name: 'Сохранить', exact: true }).click()
  await visitor.page.getByText('Вебхук сохранён').first().waitFor()
  assert.deepEqual(await limitsOf(visitor, id), [null, 2], 'empty is the limit of the server')
  await visitor.leave()
  console.log('OK a phone shows and empties them')
}

await withBrowser(async browser => {
  const handler = await Handler.start()
  const visitor = await setUp(browser, env.WELCOME)
  const outbound = { handler_url: handler.url(), events: ['ONCRMLEADADD'], retries: 'once' }
  const { id } = await visitor.api('POST', '/api/integrations', { scenario: 'out-hook', title: 'Slow', outbound })
  await keyboard(visitor, id)
  await phone(browser, id)
  await visitor.leave()
  handler.stop()
})
