// The button "Send a test alert": it says that nobody is told, that the alert arrived, or why it did not.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { env } from 'node:process'
import { withBrowser } from './visitor.mjs'
import { Handler, secretOf, setUp } from './walk.mjs'

const press = page => page.getByRole('button', { name: 'Send a test alert' }).click()

async function nobody(visitor) {
  await visitor.go('/portal/')
  await press(visitor.page)
  await visitor.page.getByText('Nobody is told: set an alert URL or a mail server and save it first.').waitFor()
  await visitor.page.getByText('409 ERROR_NO_CHANNEL').waitFor()
  console.log('OK nobody is told, and it says so')
}

async function arrives(visitor, handler) {
  const { page } = visitor
  await visitor.api('PUT', '/api/settings', { alert_url: handler.url('/chat') })
  await visitor.go('/portal/')
  await press(page)
  await page.getByText('Alert URL: sent', { exact: true }).waitFor()
  await handler.came(1)
  const { headers, body } = handler.requests[0]
  const key = Buffer.from((await secretOf(page, 'Signing secret of alerts')).replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  assert.match(body, /test/i)
  console.log('OK a test alert arrives, signed')
}

async function refused(visitor) {
  const { page } = visitor
  const handler = await Handler.start(() => 404)
  await visitor.api('PUT', '/api/settings', { alert_url: handler.url('/gone') })
  await visitor.go('/portal/')
  await press(page)
  await page.getByText(/Alert URL: not sent\..*404/).waitFor()
  assert.equal(handler.requests.length, 1, 'a test is sent once')
  handler.stop()
  console.log('OK a handler that refuses is named')
}

await withBrowser(async browser => {
  const handler = await Handler.start()
  const visitor = await setUp(browser, env.WELCOME)
  await nobody(visitor)
  await arrives(visitor, handler)
  await refused(visitor)
  await visitor.leave()
  handler.stop()
})
