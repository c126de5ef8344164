// Requisites of a company with addresses and bank details, what a deal uses of them, and products of the catalogue.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { complaints, tooWide } from './axe.mjs'
import { SIZES, Visitor, withBrowser } from './visitor.mjs'
import { ADMIN, editor, rest as call, setUp } from './walk.mjs'


/** Opens a tab of a record. */
async function tab(visitor, path, name) {
  await visitor.go(path)
  await editor(visitor.page).getByRole('tab', { name }).click()
  await visitor.settled()
  return editor(visitor.page)
}

async function requisites(visitor) {
  const { page } = visitor
  const id = await call(visitor, 'crm.company.add', { fields: { TITLE: 'Sonnblick AG' } })
  const panel = await tab(visitor, `/crm/company/details/${id}/`, 'Requisites')
  await panel.getByText('No requisites yet').waitFor()
  await panel.getByRole('button', { name: 'Add requisites' }).click()
  const form = panel.getByRole('form', { name: 'New requisites' })
  assert.equal(await form.getByLabel('Name', { exact: true }).inputValue(), 'Company')
  await form.getByLabel('Name', { exact: true }).fill('Sonnblick')
  await form.getByLabel('VAT ID').fill('ATU1')
  await form.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('ATU1').waitFor()
  await visitor.settled()

  await panel.getByLabel('Type of the address: Sonnblick').selectOption('Legal address')
  await panel.getByRole('button', { name: 'Add an address' }).click()
  const address = panel.getByRole('form', { name: 'Legal address' })
  await address.getByLabel('Street and house').fill('Ring 1')
  await address.getByLabel('City').fill('Wien')
  await address.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('Ring 1, Wien').waitFor()
  await panel.getByRole('button', { name: 'Add bank details' }).click()
  const bank = panel.getByRole('form', { name: 'New bank details' })
  // What is required is said, and nothing is sent without it.
  await bank.getByRole('button', { name: 'Save' }).click()
  await bank.getByText('Must be filled in').waitFor()
  await bank.getByLabel('Name', { exact: true }).fill('Donaubank')
  await bank.getByLabel('IBAN').fill('AT1')
  await bank.getByRole('button', { name: 'Save' }).click()
  await panel.getByRole('button', { name: 'Edit Donaubank' }).waitFor()
  await visitor.settled()

  await panel.getByRole('button', { name: 'Edit Legal address' }).click()
  await address.getByLabel('City').fill('Graz')
  await address.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('Ring 1, Graz').waitFor()
  const [row] = await call(visitor, 'crm.requisite.list', { filter: { ENTITY_TYPE_ID: 4, ENTITY_ID: id } })
  assert.deepEqual([row.NAME, row.RQ_VAT_ID, row.PRESET_ID], ['Sonnblick', 'ATU1', '1'])
  const addresses = await call(visitor, 'crm.address.list', { filter: { ENTITY_TYPE_ID: 8, ENTITY_ID: row.ID } })
  assert.deepEqual(addresses.map(one => [one.TYPE_ID, one.ADDRESS_1, one.CITY]), [['6', 'Ring 1', 'Graz']])
  const [details] = await call(visitor, 'crm.requisite.bankdetail.list', { filter: { ENTITY_ID: row.ID } })
  assert.deepEqual([details.NAME, details.RQ_IBAN], ['Donaubank', 'AT1'])
  console.log('OK requisites are kept with their addresses and bank details')
  return { company: id, requisite: row.ID, bank: details.ID }
}

/** With the keyboard alone. */
async function used(visitor, { company, requisite, bank }) {
  const { page } = visitor
  const id = await call(visitor, 'crm.deal.add', { fields: { TITLE: 'With requisites', COMPANY_ID: company } })
  const panel = await tab(visitor, `/crm/deal/details/${id}/`, 'Requisites')
  await panel.getByLabel('Requisites', { exact: true }).first().focus()
  await page.keyboard.type('Sonn')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Donau')
  await panel.getByRole('button', { name: 'Save the requisites' }).focus()
  await page.keyboard.press('Enter')
  await panel.getByRole('button', { name: 'Save the requisites' }).and(page.locator(':disabled')).waitFor()
  await visitor.settled()
  const links = await call(visitor, 'crm.requisite.link.list', { filter: { ENTITY_TYPE_ID: 2, ENTITY_ID: id } })
  assert.deepEqual(links.map(one => [one.REQUISITE_ID, one.BANK_DETAIL_ID]), [[requisite, bank]])
  console.log('OK a deal uses requisites of its company')
  return id
}

async function removed(visitor, { company, requisite }, deal) {
  const { page } = visitor
  const panel = await tab(visitor, `/crm/company/details/${company}/`, 'Requisites')
  await panel.getByRole('button', { name: 'Delete Sonnblick' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).last().click()
  await panel.getByText('No requisites yet').waitFor()
  assert.deepEqual(await call(visitor, 'crm.address.list', { filter: { ENTITY_TYPE_ID: 8, ENTITY_ID: requisite } }), [])
  const [link] = await call(visitor, 'crm.requisite.link.list', { filter: { ENTITY_TYPE_ID: 2, ENTITY_ID: deal } })
  assert.equal(link.REQUISITE_ID, '0')
  console.log('OK what is deleted is used no more')
}

async function catalogue(visitor) {
  const { page } = visitor
  const id = await call(visitor, 'crm.deal.add', { fields: { TITLE: 'From the catalog', CURRENCY_ID: 'EUR' } })
  const panel = await tab(visitor, `/crm/deal/details/${id}/`, 'Products')
  await panel.getByRole('button', { name: 'Add from the catalog' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /^Delivery/ }).waitFor()
  await page.keyboard.type('Desk')
  await page.getByRole('option', { name: /^Desk/ }).waitFor()
  await page.keyboard.press('Enter')
  await panel.getByLabel('Product 1').waitFor()
  assert.equal(await panel.getByLabel('Product 1').inputValue(), 'Desk')
  await panel.getByRole('button', { name: 'Save the products' }).click()
  const [product] = await call(visitor, 'crm.product.list', { filter: { NAME: 'Desk' }, select: ['ID', 'PRICE', 'MEASURE'] })
  const [unit] = await call(visitor, 'crm.measure.list', { filter: { ID: product.MEASURE } })
  // Its base price is without tax.
  const price = Math.round(Number(product.PRICE) * 120) / 100
  await panel.getByText(`Total: ${price.toLocaleString('en')} EUR`).waitFor()
  const [row] = (await call(visitor, 'crm.item.productrow.list', { filter: { '=ownerType': 'D', '=ownerId': id } })).productRows
  assert.deepEqual([row.productId, row.price, row.taxRate, row.measureCode], [Number(product.ID), price, 20, Number(unit.CODE)])
  console.log('OK products are taken from the catalog')
}

/** A smart process is called by its title wherever one chooses among kinds of records. */
async function titles(visitor) {
  const { type } = await call(visitor, 'crm.type.add', { fields: { title: 'Deliveries of wine' } })
  await visitor.go('/company/roles/')
  await visitor.page.getByRole('rowheader', { name: /Deliveries of wine/i }).waitFor()
  assert.equal(await visitor.page.getByText(`DYNAMIC_${type.entityTypeId}`).count(), 0)
  console.log('OK smart processes are called by their titles')
}

/** In the other language, in the dark, on a phone. */
async function phone(browser) {
  const visitor = await Visitor.open(browser, { locale: 'ru-RU', size: SIZES.phone, theme: 'dark' })
  const { page } = visitor
  await visitor.go('/sign-in')
  await visitor.api('POST', '/api/session', { email: ADMIN.email, password: ADMIN.password, remember: false })
  for (const [path, name] of [['/crm/company/details/1/', 'Реквизиты'], ['/crm/deal/details/1/', 'Реквизиты'], ['/crm/deal/details/1/', 'Товары']]) {
    const panel = await tab(visitor, path, name)
    assert.deepEqual(await complaints(visitor, path), [])
    assert.equal(await tooWide(visitor), 0, path)
    const edit = panel.getByRole('button', { name: /^Изменить: / }).first()
    if (await edit.count() === 0) continue
    await edit.click()
    await panel.getByRole('button', { name: 'Отмена' }).waitFor()
    assert.deepEqual(await complaints(visitor, `${path}, a form`), [])
    assert.equal(await tooWide(visitor), 0, path)
  }
  await page.keyboard.press('Escape')
  await visitor.leave()
  console.log('OK a phone shows them in the dark and in Russian')
}

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const made = await requisites(visitor)
  const deal = await used(visitor, made)
  await removed(visitor, made, deal)
  await catalogue(visitor)
  await titles(visitor)
  await visitor.leave()
  await phone(browser)
})
