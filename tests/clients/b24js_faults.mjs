// @bitrix24/b24jssdk from npm, unmodified, against a portal where every error of the protocol's table is made on demand.
//
// HOOK is a webhook, OPERATOR the URL of the operator's API, TOKEN its token, and FAULTS the table: code, status and words of each
// error. What passes is got over by itself; the rest has to come as what its code says.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env } from 'node:process'

const { B24Hook } = createRequire(join(env.CLIENTS, 'package.json'))('@bitrix24/b24jssdk')

/** What it tries again by itself: limits, and what the server is at fault for without a code that says more. */
const AGAIN = ['QUERY_LIMIT_EXCEEDED', 'OPERATION_TIME_LIMIT', 'ERROR_CORE']

async function ask(verb, path, body) {
  const headers = { Authorization: `Bearer ${env.TOKEN}`, 'Content-Type': 'application/json' }
  const answer = await fetch(env.OPERATOR + path, { method: verb, headers, body: body && JSON.stringify(body) })
  assert.ok(answer.ok, `${verb} ${path}: ${answer.status}`)
  return answer.status === 204 ? undefined : answer.json()
}

async function called() {
  try {
    const answer = await B24Hook.fromWebhookUrl(env.HOOK).actions.v2.call.make({ method: 'profile', params: {} })
    return answer.isSuccess ? { result: answer.getData().result } : { error: [...answer.getErrors()][0] }
  } catch (error) {
    return { error }
  }
}

const table = JSON.parse(env.FAULTS)
for (const [code, status] of table) {
  const again = AGAIN.includes(code)
  await ask('DELETE', '/faults')
  await ask('POST', '/faults', { method: 'profile', effect: { kind: 'error', code, status }, ...(again && { times: 1 }) })
  const { result, error } = await called()
  if (again) {
    const { faults } = await ask('GET', '/faults')
    assert.equal(result?.ID, '1', `${code}: ${error}`)
    assert.equal(faults[0].hits, 1)
  } else {
    assert.equal(error?.code, code)
    assert.equal(error.status, status, code)
  }
}
console.log(`OK ${table.length} faults`)
