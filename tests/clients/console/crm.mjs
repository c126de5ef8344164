// The pages of the CRM: of every kind that the server declares, and files that become records.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { env } from 'node:process'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, setUp } from './walk.mjs'

/** Fills in a new record of a kind and changes it; what is called by the title. */
async function kind(visitor, { code, address, spelling, title, plural, entity_type_id }) {
  const { page } = visitor
  await visitor.go(`/crm/${address}/list/`)
  await page.getByRole('navigation', { name: 'Kinds of records' }).getByRole('link', { name: plural }).and(page.locator('[aria-current=page]')).waitFor()
  await page.getByRole('link', { name: 'Create' }).first().click()
  const name = spelling === 'own' && code === 'contact' ? 'LAST_NAME' : 'TITLE'
  const panel = editor(page)
  const input = () => panel.locator(`[title="${name}"] input`)
  await input().fill(`One ${title}`)
  await panel.getByRole('button', { name: 'Create', exact: true }).click()
  await panel.getByRole('heading', { level: 1, name: `One ${title}` }).waitFor()
  await visitor.settled()
  assert.match(page.url(), new RegExp(`/crm/${address}/details/\\d+/$`))
  const id = /details\/(\d+)/.exec(page.url())[1]

  // Somebody else is faster: that is said, whatever the methods are called.
  const params = spelling === 'own' ? { id, fields: { [name]: 'Theirs' } } : { entityTypeId: entity_type_id, id, fields: { title: 'Theirs' } }
  await visitor.api('POST', `/api/call/${spelling === 'own' ? `crm.${code}` : 'crm.item'}.update`, params)
  await input().fill('Mine')
  await panel.getByText('The same as REST').click()
  await panel.getByText(spelling === 'own' ? `fields[${name}]=Mine` : `entityTypeId=${entity_type_id}\nid=${id}\nfields[title]=Mine`).waitFor()
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('button', { name: 'Load the saved one' }).click()
  await panel.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor()
  await visitor.settled()
  await input().fill(`My ${title}`)
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('heading', { level: 1, name: `My ${title}` }).waitFor()
  await panel.getByRole('tab', { name: 'Timeline' }).click()
  await panel.getByLabel('Comment').fill(`About ${title}`)
  await panel.getByRole('button', { name: 'Add the comment' }).click()
  await panel.getByText(`About ${title}`).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('row', { name: new RegExp(`My ${title}`) }).waitFor()
}

async function kinds(visitor) {
  const { kinds } = await visitor.api('GET', '/api/crm/kinds')
  for (const one of kinds) await kind(visitor, one)
  await visitor.go('/crm/nothing/list/')
  await visitor.page.getByText('There are no such records on this portal').waitFor()
  console.log('OK every kind of records has its pages')
}

/** Chooses a file in the import of leads. */
async function choose(page, name, text) {
  await editor(page).getByLabel('CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
}

async function imports(browser, visitor) {
  const { page } = visitor
  const before = await visitor.api('POST', '/api/call/crm.lead.list', {})
  await visitor.go('/crm/lead/list/')
  await page.getByRole('link', { name: 'Import' }).click()
  const panel = editor(page)
  const lines = ['Lead name;STATUS_ID;Phone;OPPORTUNITY;Strange', '"One; and\nmore";In progress;+49 30 555001;1 234,50;x', 'Two;Nowhere;;1;', 'Three;;+49 30 555002;much;', 'Four;;+49 30 555001;7;']
  await choose(page, 'leads.csv', lines.join('\r\n'))
  await panel.getByText('leads.csv: 4 rows').waitFor()
  // What has no title of a field is matched by hand, and remembered.
  await panel.getByLabel('Field for Lead name').click()
  await page.keyboard.type('TITLE')
  await page.getByRole('option', { name: /TITLE$/ }).first().waitFor()
  await page.keyboard.press('Enter')
  await panel.getByLabel('Skip duplicates').check()
  await panel.getByRole('button', { name: 'Import 4 rows' }).click()
  await panel.getByText('4 of 4 rows done, 1 added, 3 not imported').waitFor()
  await panel.getByText(/: “Nowhere” is not in the list/).waitFor()
  await panel.getByText(/: “much” is not a number/).waitFor()
  await panel.getByText('A record with +49 30 555001 already exists').waitFor()

  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Download these rows' }).click()
  const report = await readFile(await (await saved).path(), 'utf8')
  assert.match(report, /^\ufeffLead name,STATUS_ID,Phone,OPPORTUNITY,Strange,Row,Reason\r\n/)
  assert.equal(report.trim().split('\r\n').length, 4)
  // Corrected, the same file is imported again.
  await panel.getByRole('button', { name: 'Import another file' }).click()
  await choose(page, 'again.csv', report.replace('Nowhere', 'In progress').replace('much', '8'))
  await panel.getByRole('button', { name: 'Import 3 rows' }).click()
  await panel.getByText(/3 of 3 rows done, [23] added/).waitFor()
  const { total } = await visitor.api('POST', '/api/call/crm.lead.list', { filter: { '>OPPORTUNITY': 0 } })
  assert.ok(total >= 3, `${total} leads`)
  const [one] = (await visitor.api('POST', '/api/call/crm.lead.list', { filter: { OPPORTUNITY: 1234.5 }, select: ['TITLE', 'STATUS_ID', 'PHONE'] })).result
  assert.deepEqual([one.TITLE, one.STATUS_ID, one.PHONE[0].VALUE], ['One; and\nmore', 'IN_PROCESS', '+49 30 555001'])
  assert.ok((await visitor.api('POST', '/api/call/crm.lead.list', {})).total > before.total)
  console.log('OK a file becomes records, and what is refused is told')
}

async function roundTrip(visitor) {
  const { page } = visitor
  await visitor.go('/crm/deal/list/')
  const { total } = await visitor.api('POST', '/api/call/crm.deal.list', {})
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const file = await readFile(await (await saved).path(), 'utf8')
  await page.getByRole('link', { name: 'Import' }).click()
  const panel = editor(page)
  await choose(page, 'deals.csv', file)
  await panel.getByRole('button', { name: `Import ${total} rows` }).click()
  await panel.getByText(`${total} of ${total} rows done, ${total} added, 0 not imported`).waitFor()
  const { total: now } = await visitor.api('POST', '/api/call/crm.deal.list', {})
  assert.equal(now, 2 * total)
  console.log('OK what was exported is imported again')
}

/** The connection is lost while rows are on their way. */
async function lost(visitor) {
  const { page } = visitor
  await visitor.go('/crm/company/import/')
  const panel = editor(page)
  await choose(page, 'companies.csv', 'TITLE\r\nLost and found\r\n')
  await page.route('**/api/call/batch', route => route.abort())
  await panel.getByRole('button', { name: 'Import 1 row' }).click()
  await panel.getByText('The connection was lost').waitFor()
  await page.unroute('**/api/call/batch')
  await panel.getByRole('button', { name: 'Send again' }).click()
  await panel.getByText('1 of 1 rows done, 1 added, 0 not imported').waitFor()
  const { total } = await visitor.api('POST', '/api/call/crm.company.list', { filter: { TITLE: 'Lost and found' } })
  assert.equal(total, 1)
  console.log('OK nothing is sent twice without a question')
}

async function products(visitor) {
  const { page } = visitor
  const { result: id } = await visitor.api('POST', '/api/call/crm.deal.add', { fields: { TITLE: 'With products' } })
  await visitor.go(`/crm/deal/details/${id}/`)
  const panel = editor(page)
  const save = () => panel.getByRole('button', { name: 'Save the products' })
  await panel.getByRole('tab', { name: 'Products' }).click()
  await panel.getByRole('button', { name: 'Add a row' }).click()
  // With the keyboard alone: from the name to what is saved.
  await panel.getByLabel('Product 1').focus()
  await page.keyboard.type('Chair')
  for (const text of ['80', '3', '10']) {
    await page.keyboard.press('Tab')
    await page.keyboard.press('Control+a')
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
  await panel.getByText('Total: 240').waitFor()
  const rows = async () => (await visitor.api('POST', '/api/call/crm.item.productrow.list', { filter: { '=ownerType': 'D', '=ownerId': id } })).result.productRows
  const [chair] = await rows()
  assert.deepEqual([chair.productName, chair.price, chair.quantity, chair.discountTypeId, chair.discountRate], ['Chair', 80, 3, 2, 10])

  // Somebody adds a row meanwhile: it is not replaced without a word.
  await visitor.api('POST', '/api/call/crm.item.productrow.add', { fields: { ownerType: 'D', ownerId: id, productName: 'Desk', price: 300 } })
  await panel.getByLabel('Quantity 1').fill('4')
  await save().click()
  await panel.getByRole('button', { name: 'Load the saved one' }).click()
  await panel.getByText('Total: 540').waitFor()
  // Rows without a place come first.
  assert.equal(await panel.getByLabel('Product 1').inputValue(), 'Desk')
  await panel.getByRole('button', { name: 'Remove row 1' }).click()
  await save().click()
  await panel.getByText('Total: 240').waitFor()
  // What is left keeps all that it had.
  assert.deepEqual((await rows()).map(({ id, productName, price, discountRate }) => [id, productName, price, discountRate]), [[chair.id, 'Chair', 80, 10]])
  console.log('OK product rows are changed together')
}

async function phone(browser) {
  const visitor = await Visitor.open(browser, { size: SIZES.phone })
  await visitor.signIn(ADMIN.email, ADMIN.password)
  await visitor.go('/crm/lead/list/')
  await visitor.page.getByLabel('Kinds of records').selectOption('Companies')
  await visitor.page.waitForURL('**/crm/company/list/')
  await visitor.settled()
  await visitor.leave()
  console.log('OK a phone shows the kinds as a choice')
}

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  await kinds(visitor)
  await imports(browser, visitor)
  await roundTrip(visitor)
  await lost(visitor)
  await products(visitor)
  await visitor.leave()
  await phone(browser)
})
