// @bitrix24/b24jssdk from npm, unmodified, against a portal.
//
// HOOK is a webhook with the scope crm; NARROW is one without any scope. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env } from 'node:process'

// The package is installed in Cargo's target folder, not beside this file.
const { B24Hook } = createRequire(join(env.CLIENTS, 'package.json'))('@bitrix24/b24jssdk')
const LEADS = 134
const ROWS = 120

async function addAndGet(portal) {
  const fields = { TITLE: 'Harbour lights & co', OPPORTUNITY: 1250.5, PHONE: [{ VALUE: '+49 30 111', VALUE_TYPE: 'WORK' }] }
  const id = await result(portal, 'crm.lead.add', { fields })
  assert.equal(typeof id, 'number')
  const lead = await result(portal, 'crm.lead.get', { id })
  assert.equal(lead.ID, String(id))
  assert.equal(lead.TITLE, fields.TITLE)
  assert.equal(lead.PHONE[0].VALUE, '+49 30 111')
  const { item } = await result(portal, 'crm.item.get', { entityTypeId: 1, id })
  assert.equal(item.id, id)
  assert.equal(item.opportunity, 1250.5)
  assert.equal(await result(portal, 'crm.lead.delete', { id }), true)
  console.log('OK add and get')
}

async function listThroughPaging(portal) {
  const calls = Array.from({ length: LEADS }, (_, number) => ['crm.lead.add', { fields: { TITLE: `Berth ${number}` } }])
  const added = await portal.actions.v2.batchByChunk.make({ calls, options: { isHaltOnError: true } })
  assert.ok(added.isSuccess, added.getErrorMessages().join('; '))
  const ids = added.getData()
  assert.equal(new Set(ids).size, LEADS)

  const params = { filter: { '%TITLE': 'Berth' }, select: ['ID', 'TITLE'] }
  const leads = await portal.actions.v2.callList.make({ method: 'crm.lead.list', params })
  assert.deepEqual(leads.getData().map((lead) => Number(lead.ID)), ids)

  const items = []
  const question = { entityTypeId: 1, filter: { '%title': 'Berth' }, select: ['id', 'title'] }
  const chunks = portal.actions.v2.fetchList.make({ method: 'crm.item.list', params: question, idKey: 'id', customKeyForResult: 'items' })
  for await (const chunk of chunks) items.push(...chunk)
  assert.deepEqual(items.map((item) => item.id), ids)

  const titles = []
  let page = await portal.actions.v2.call.make({ method: 'crm.lead.list', params: { ...params, order: { ID: 'ASC' }, start: 0 } })
  assert.equal(page.getTotal(), LEADS)
  for (; page; page = page.isMore() ? await page.fetchNext(portal.getHttpClient('v2')) : undefined) {
    titles.push(...page.getData().result.map((lead) => lead.TITLE))
  }
  assert.deepEqual(titles, calls.map(([, { fields }]) => fields.TITLE))
  console.log('OK list through paging')
  return ids
}

async function listsOfItems(portal, ids) {
  const lists = async (method, params, customKeyForResult) => {
    const found = []
    // The usual name of the id is ID, in capitals; answers have it in small letters.
    for (const names of [{ idKey: 'id', cursorIdKey: 'ID' }, { idKey: 'id' }]) {
      const question = { method, params, customKeyForResult, ...names }
      const list = await portal.actions.v2.callList.make(question)
      assert.ok(list.isSuccess, list.getErrorMessages().join('; '))
      const fetched = []
      for await (const chunk of portal.actions.v2.fetchList.make(question)) fetched.push(...chunk)
      found.push(list.getData(), fetched)
    }
    return found
  }
  const select = ['id', 'title']
  const question = { entityTypeId: 1, filter: { '%title': 'Berth' }, select }
  for (const items of await lists('crm.item.list', question, 'items')) {
    assert.deepEqual(items.map((item) => item.id), ids)
  }
  const owner = { ownerId: ids[0], ownerType: 'L' }
  const productRows = Array.from({ length: ROWS }, (_, number) => ({ productName: `Cleat ${number}`, price: number }))
  await result(portal, 'crm.item.productrow.set', { ...owner, productRows })
  const filter = { '=ownerId': owner.ownerId, '=ownerType': owner.ownerType }
  for (const rows of await lists('crm.item.productrow.list', { filter }, 'productRows')) {
    assert.deepEqual(rows.map((row) => row.productName), productRows.map((row) => row.productName))
  }
  console.log('OK lists of items')
}

async function batchOfFifty(portal, ids) {
  const calls = Object.fromEntries(ids.slice(0, 50).map((id) => [`lead${id}`, { method: 'crm.lead.get', params: { id } }]))
  const answer = await portal.actions.v2.batch.make({ calls, options: { isHaltOnError: false } })
  assert.ok(answer.isSuccess, answer.getErrorMessages().join('; '))
  assert.deepEqual(Object.values(answer.getData()).map((lead) => Number(lead.ID)), ids.slice(0, 50))
  console.log('OK batch of 50')
}

async function newerVersion(portal) {
  const call = async (method, params) => {
    const answer = await portal.actions.v3.call.make({ method, params })
    assert.ok(answer.isSuccess, answer.getErrorMessages().join('; '))
    return answer.getData().result
  }
  const titles = ['Berth A', 'Berth B', 'Berth C']
  const added = []
  for (const title of titles) {
    added.push((await call('tasks.task.add', { fields: { title, creatorId: 1, responsibleId: 1 } })).item.id)
  }
  const { item } = await call('tasks.task.get', { id: added[0], select: ['id', 'title', 'responsible.name'] })
  assert.deepEqual([item.id, item.title, typeof item.responsible.name], [added[0], 'Berth A', 'string'])

  const wrong = await portal.actions.v3.call.make({ method: 'tasks.task.add', params: { fields: { title: 'x' } } })
  const [error] = [...wrong.getErrors()]
  assert.equal(error.status, 400)
  assert.equal(error.code, 'BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION')
  assert.match(wrong.getErrorMessages().join(), /creatorId/)
  const unknown = await portal.actions.v3.call.make({ method: 'crm.lead.list', params: {} })
  assert.equal([...unknown.getErrors()][0].code, 'BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION')

  const question = { method: 'tasks.task.list', params: { select: ['id', 'title'] }, customKeyForResult: 'items', limit: 2 }
  const listed = await portal.actions.v3.callList.make(question)
  assert.deepEqual(listed.getData().map((task) => task.title), titles)
  const fetched = []
  for await (const chunk of portal.actions.v3.fetchList.make(question)) fetched.push(...chunk)
  assert.deepEqual(fetched.map((task) => task.id), added)
  const log = await portal.actions.v3.callTail.make({ method: 'main.eventlog.tail', params: { select: ['id', 'auditTypeId'] } })
  assert.ok(log.getData().length > 0)

  const calls = [
    { method: 'tasks.task.get', params: { id: added[1], select: ['id'] }, as: 'second' },
    { method: 'tasks.task.update', params: { id: { $ref: 'second.id' }, fields: { title: 'Berth D' } } },
    { method: 'tasks.task.list', params: { filter: ['id', { $refArray: 'all.id' }], select: ['title'] } },
  ]
  calls.splice(2, 0, { method: 'tasks.task.list', params: { select: ['id'] }, as: 'all' })
  const batch = await portal.actions.v3.batch.make({ calls, options: { isHaltOnError: true, returnAjaxResult: false } })
  assert.ok(batch.isSuccess, batch.getErrorMessages().join('; '))
  const after = await call('tasks.task.get', { id: added[1] })
  assert.equal(after.item.title, 'Berth D')
  console.log('OK newer version')
}

async function refusals(hook, narrow) {
  const wrong = hook.replace(/[^/]{4}\/?$/, '0000')
  await refused(wrong, 'profile', 401, 'INVALID_CREDENTIALS')
  console.log('OK wrong secret')
  await refused(narrow, 'crm.lead.list', 401, 'insufficient_scope')
  console.log('OK missing scope')
  await refused(hook, 'crm.lead.no.such', 404, 'ERROR_METHOD_NOT_FOUND')
  console.log('OK unknown method')
}

async function refused(url, method, status, code) {
  let error
  try {
    const answer = await B24Hook.fromWebhookUrl(url).actions.v2.call.make({ method, params: {} })
    error = [...answer.getErrors()][0]
  } catch (thrown) {
    error = thrown
  }
  assert.equal(error?.code, code)
  assert.equal(error?.status, status)
}

async function result(portal, method, params) {
  const answer = await portal.actions.v2.call.make({ method, params })
  assert.ok(answer.isSuccess, answer.getErrorMessages().join('; '))
  return answer.getData().result
}

const portal = B24Hook.fromWebhookUrl(env.HOOK)
await addAndGet(portal)
const ids = await listThroughPaging(portal)
await listsOfItems(portal, ids)
await batchOfFifty(portal, ids)
await newerVersion(B24Hook.fromWebhookUrl(env.NEWER))
await refusals(env.HOOK, env.NARROW)
