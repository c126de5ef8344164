// What the pages of orders ask of REST, as the signed-in person.
import { call } from '@/api'
import { language } from '@/i18n'
import type { Named, Order, Status } from './orders'

/** Rows on a page. */
export const PAGE_SIZE = 50

export async function listOrders(filter: Record<string, unknown>, page: number): Promise<{ rows: Order[], total: number }> {
  const { result, total } = await call<{ orders: Order[] }>('sale.order.list', { filter, order: { id: 'DESC' }, start: (page - 1) * PAGE_SIZE })
  return { rows: result.orders, total: total ?? result.orders.length }
}

export const getOrder = async (id: number) => (await call<{ order: Order }>('sale.order.get', { id })).result.order
export const addOrder = async (fields: Record<string, unknown>) => (await call<{ order: Order }>('sale.order.add', { fields: { lid: 's1', ...fields } })).result.order
export const updateOrder = (id: number, fields: Record<string, unknown>) => call<unknown>('sale.order.update', { id, fields })
export const deleteOrder = (id: number) => call<unknown>('sale.order.delete', { id })

/** Statuses of orders, by their names in the language of the page. */
export async function statuses(): Promise<Status[]> {
  const [all, names] = await Promise.all([
    call<{ statuses: { id: string }[] }>('sale.status.list', { filter: { type: 'O' }, order: { sort: 'ASC' }, start: -1 }),
    call<{ statusLangs: { statusId: string, name: string }[] }>('sale.statusLang.list', { filter: { lid: language.value }, start: -1 }),
  ])
  const named = new Map(names.result.statusLangs.map(one => [one.statusId, one.name]))
  return all.result.statuses.map(({ id }) => ({ id, name: named.get(id) ?? id }))
}

export const payers = async () => (await call<{ personTypes: Named[] }>('sale.persontype.list', { filter: { active: 'Y' }, order: { sort: 'ASC' }, start: -1 })).result.personTypes

/** Pay systems that orders are paid with. */
export async function paySystems(): Promise<Named[]> {
  const { result } = await call<{ ID: string, NAME: string }[]>('sale.paysystem.list', { filter: { ENTITY_REGISTRY_TYPE: 'ORDER', ACTIVE: 'Y' } })
  return result.map(({ ID, NAME }) => ({ id: Number(ID), name: NAME }))
}

export async function deliveries(): Promise<Named[]> {
  const { result } = await call<{ ID: number, NAME: string }[]>('sale.delivery.getlist', { filter: { ACTIVE: 'Y' }, order: { SORT: 'ASC' } })
  return result.map(({ ID, NAME }) => ({ id: ID, name: NAME }))
}

export const addItem = (fields: Record<string, unknown>) => call<unknown>(fields.productId === 0 ? 'sale.basketitem.add' : 'sale.basketitem.addCatalogProduct', { fields })
export const deleteItem = (id: number) => call<unknown>('sale.basketitem.delete', { id })
export const addPayment = (orderId: number, paySystemId: number, sum: number) => call<unknown>('sale.payment.add', { fields: { orderId, paySystemId, sum } })
export const pay = (id: number, paySystemId: number, paid: boolean) => call<unknown>('sale.payment.update', { id, fields: { paySystemId, paid: paid ? 'Y' : 'N' } })
export const deletePayment = (id: number) => call<unknown>('sale.payment.delete', { id })

/** Adds a shipment with these quantities of items of the basket. */
export async function addShipment(orderId: number, deliveryId: number, price: number, items: Map<number, number>) {
  const { result } = await call<{ shipment: { id: number } }>('sale.shipment.add', { fields: { orderId, deliveryId, basePriceDelivery: price, allowDelivery: 'N', deducted: 'N' } })
  for (const [basketId, quantity] of items) await call<unknown>('sale.shipmentitem.add', { fields: { orderDeliveryId: result.shipment.id, basketId, quantity } })
}
export const ship = (id: number, deliveryId: number, shipped: boolean) => call<unknown>('sale.shipment.update', { id, fields: { deliveryId, allowDelivery: 'Y', deducted: shipped ? 'Y' : 'N' } })
export const deleteShipment = (id: number) => call<unknown>('sale.shipment.delete', { id })
