/** Online store orders in the shape the pages use. */

export interface Order {
  id: number
  accountNumber: string
  statusId: string
  price: number
  taxValue: number
  currency: string
  payed: Flag
  deducted: Flag
  canceled: Flag
  dateInsert: string
  personTypeId: number
  userDescription: string
  comments: string
  basketItems?: BasketItem[]
  payments?: Payment[]
  shipments?: Shipment[]
}

export type Flag = 'Y' | 'N'

export interface BasketItem { id: number, name: string | null, price: number, quantity: number, measureName: string | null, currency: string }
export interface Payment { id: number, accountNumber: string, paySystemId: number, paySystemName: string, sum: number, currency: string, paid: Flag }
export interface Shipment { id: number, accountNumber: string, deliveryId: number, deliveryName: string, priceDelivery: number, currency: string, allowDelivery: Flag, deducted: Flag, trackingNumber: string, shipmentItems: { basketId: number, quantity: number }[] }
export interface Named { id: number, name: string }
export interface Status { id: string, name: string }

/** What payments still have to cover; never less than nothing. */
export function owed(order: Order): number {
  const cents = (sum: number) => Math.round(sum * 100)
  const planned = (order.payments ?? []).reduce((sum, one) => sum + cents(one.sum), 0)
  return Math.max(0, cents(order.price) - planned) / 100
}

/** How many of each item of the basket are in no shipment yet. */
export function unshipped(order: Order): Map<number, number> {
  const left = new Map((order.basketItems ?? []).map(one => [one.id, one.quantity]))
  for (const item of (order.shipments ?? []).flatMap(one => one.shipmentItems)) left.set(item.basketId, (left.get(item.basketId) ?? 0) - item.quantity)
  return new Map([...left].filter(([, quantity]) => quantity > 0))
}
