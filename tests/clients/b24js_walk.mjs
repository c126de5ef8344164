// What @bitrix24/b24jssdk from npm, unmodified, offers for the methods of Portreeve, on the demo portal.
//
// HOOK is a webhook with all scopes, and METHODS a file with our descriptions. Every method that only reads is called with the
// parameters of its example, all in batches and one by one; every list is fetched whole in each way. Prints how many of both.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env } from 'node:process'

const { B24Hook, ParamsFactory } = createRequire(join(env.CLIENTS, 'package.json'))('@bitrix24/b24jssdk')
const portal = B24Hook.fromWebhookUrl(env.HOOK)
// It keeps to the pace of the cloud by itself; the portal of this test has no limits.
await portal.setRestrictionManagerParams({ ...ParamsFactory.getDefault(), rateLimit: { burstLimit: 100_000, drainRate: 100_000, adaptiveEnabled: false } })

const everything = JSON.parse(readFileSync(env.METHODS, 'utf8')).methods
const described = everything.filter(({ version }) => version === 'v2')
// What sends a file in the place of an answer, which this SDK cannot take.
const sendsFile = ({ method }) => /^(catalog\.product(\.\w+)?\.download|user\.userfield\.file\.get)$/.test(method)
const isRead = (method) => !method.writes && !method.needs_application && method.examples.length > 0 && method.method !== 'batch'
const reads = described.filter((method) => isRead(method) && !sendsFile(method))

const alone = new Map()
for (const { method, examples: [{ params }] } of reads) {
  const answer = await portal.actions.v2.call.make({ method, params })
  assert.ok(answer.isSuccess, `${method}: ${answer.getErrorMessages().join('; ')}`)
  alone.set(method, answer)
}

// The same answers through batches, in chunks of fifty. What says when it was asked, or who asked, differs.
const passing = ['server.time', 'app.info', 'methods']
const compared = reads.filter(({ method }) => !passing.includes(method))
const calls = compared.map(({ method, examples: [{ params }] }) => [method, params])
const together = await portal.actions.v2.batchByChunk.make({ calls, options: { isHaltOnError: true } })
assert.ok(together.isSuccess, together.getErrorMessages().join('; '))
together.getData().forEach((result, at) => {
  assert.deepEqual(unsigned(result), unsigned(alone.get(compared[at].method).getData().result), compared[at].method)
})

const lists = []
const wrong = []
for (const { method, examples: [{ params }] } of reads.filter(({ method }) => /list$/i.test(method))) {
  const { result } = alone.get(method).getData()
  const total = alone.get(method).getTotal()
  const key = Array.isArray(result) ? undefined : Object.keys(result).find((name) => Array.isArray(result[name]) && Object.keys(result).length === 1)
  const rows = key ? result[key] : result
  if (!Array.isArray(rows) || rows.length === 0 || typeof rows[0] !== 'object') continue
  const idKey = ['id', 'ID'].find((name) => name in rows[0])
  const { order, start, ...question } = params
  const pages = await everyPage(method, params, key)
  if (total > 0 && pages.length !== total) wrong.push(`${method}: ${pages.length} of ${total} by pages`)
  // Where parameters count by their place, a filter has none that the SDK knows.
  if (!idKey || method.startsWith('task.')) continue
  lists.push(method)
  const ids = (list) => list.map((row) => Number(row[idKey])).sort((one, other) => one - other)
  for (const cursorIdKey of new Set([idKey, 'ID'])) {
    const options = { method, params: question, idKey, cursorIdKey, customKeyForResult: key }
    try {
      const whole = await portal.actions.v2.callList.make(options)
      assert.ok(whole.isSuccess, whole.getErrorMessages().join('; '))
      const fetched = []
      for await (const chunk of portal.actions.v2.fetchList.make(options)) fetched.push(...chunk)
      assert.deepEqual([ids(whole.getData()), ids(fetched)], [ids(pages), ids(pages)])
    } catch (error) {
      wrong.push(`${method} by ${cursorIdKey}: ${String(error.message).slice(0, 300)}`)
    }
  }
}
assert.deepEqual(wrong, [])
assert.ok(await portal.tools.healthCheck.make())
assert.ok((await portal.tools.ping.make()) >= 0)
console.log(`OK ${reads.length} methods`)
console.log(`OK ${lists.length} lists`)

async function everyPage(method, params, key) {
  const found = []
  let page = await portal.actions.v2.call.make({ method, params: { ...params, start: 0 } })
  for (; page; page = page.isMore() ? await page.fetchNext(portal.getHttpClient('v2')) : undefined) {
    const { result } = page.getData()
    found.push(...(key ? result[key] : result))
  }
  return found
}

// Links to files are signed anew each time.
function unsigned(value) {
  return JSON.parse(JSON.stringify(value ?? null).replace(/token=[^"&]*/g, 'token='))
}
