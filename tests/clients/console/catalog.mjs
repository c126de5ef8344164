// Products and stock: a product is written with its price, a document brings it into a store and is taken back.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { complaints, tooWide } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { editor, rest as call, setUp } from './walk.mjs'


async function product(visitor) {
  const { page } = visitor
  await visitor.go('/shop/catalog/')
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Name').waitFor()
  await visitor.settled()
  await panel.getByLabel('Name').fill('Stool')
  await panel.getByLabel('Price: BASE').fill('49,90')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Stool' }).waitFor()
  await visitor.settled()
  const id = Number(/product\/(\d+)\//.exec(page.url())[1])
  const { prices } = await call(visitor, 'catalog.price.list', { filter: { productId: id } })
  assert.deepEqual(prices.map(one => one.price), [49.9])
  await panel.getByLabel('Description').fill('Of oak')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':disabled')).waitFor()
  const saved = (await call(visitor, 'catalog.product.get', { id })).product
  assert.deepEqual([saved.name, saved.detailText], ['Stool', 'Of oak'])
  await visitor.go('/shop/catalog/?search=stool')
  await page.getByRole('row', { name: /Stool/ }).getByText(/49[.]9/).waitFor()
  assert.equal(await page.getByRole('row').count(), 2)
  console.log('OK a product is written with its price, and found')
  return id
}

async function document(visitor, product) {
  const { page } = visitor
  await visitor.go('/shop/documents/')
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Title').waitFor()
  await visitor.settled()
  await panel.getByLabel('Title').fill('Stools for the shop')
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Stools for the shop' }).waitFor()
  await visitor.settled()
  const id = Number(/details\/(\d+)\//.exec(page.url())[1])
  await call(visitor, 'catalog.document.element.add', { fields: { docId: id, elementId: product, storeTo: 1, amount: 2.5 } })
  await visitor.go(`/shop/documents/details/${id}/`)
  const amount = async () => (await call(visitor, 'catalog.storeproduct.list', { filter: { productId: product } })).storeProducts.map(one => one.amount)
  await panel.getByRole('button', { name: 'Conduct' }).click()
  await panel.getByRole('button', { name: 'Take back' }).waitFor()
  await visitor.settled()
  assert.deepEqual(await amount(), [2.5])
  await page.keyboard.press('Escape')
  await visitor.go('/shop/documents/')
  await page.getByRole('tab', { name: 'Remains' }).click()
  await page.getByRole('row', { name: /Stool/ }).getByText('2.5').waitFor()
  await visitor.go(`/shop/documents/details/${id}/`)
  await panel.getByRole('button', { name: 'Take back' }).click()
  await panel.getByRole('button', { name: 'Conduct' }).waitFor()
  await visitor.settled()
  assert.deepEqual(await amount(), [0])
  console.log('OK a document moves stock and is taken back')
}

/** Axe finds nothing, and nothing is wider than the window. */
async function looks(visitor, tabs) {
  const { page } = visitor
  const look = async name => {
    assert.deepEqual(await complaints(visitor, name), [])
    assert.equal(await tooWide(visitor), 0, name)
  }
  await visitor.go('/shop/catalog/')
  await look('products')
  await visitor.go('/shop/documents/')
  for (const name of tabs.stock) {
    await page.getByRole('tab', { name, exact: true }).click()
    await visitor.settled()
    await look(name)
  }
  await visitor.go('/shop/documents/details/2/')
  await look('a document')
  await visitor.go('/shop/catalog/product/1/')
  for (const name of tabs.product) {
    await editor(page).getByRole('tab', { name, exact: true }).click()
    await visitor.settled()
    await look(name)
  }
}

/** In the other language, in the dark, on a phone. */
async function phone(visitor) {
  await visitor.onAPhone()
  await looks(visitor, { stock: ['Документы', 'Остатки', 'Склады'], product: ['Товар', 'Свойства', 'Вариации', 'Остатки', 'Изображения'] })
  console.log('OK a phone shows them in the dark and in Russian')
}

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  await document(visitor, await product(visitor))
  await looks(visitor, { stock: ['Documents', 'Remains', 'Stores'], product: ['Product', 'Properties', 'Variants', 'Stock', 'Pictures'] })
  await phone(visitor)
  await visitor.leave()
})
