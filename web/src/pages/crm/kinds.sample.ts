/** Kinds of records for tests. */
import type { Kind } from '@/api/kinds'

const kind = (entity_type_id: number, code: string, prefix: string, more: Partial<Kind> = {}): Kind => ({
  code, entity_type_id, title: code, plural: `${code}s`, address: code, spelling: 'own', prefix,
  stage: null, has_categories: false, has_rows: false, has_requisites: false, uses_requisites: false, ...more,
})

export const LEAD = kind(1, 'lead', 'L', { stage: { field: 'STATUS_ID', dictionary: 'STATUS' } })
export const DEAL = kind(2, 'deal', 'D', { stage: { field: 'STAGE_ID', dictionary: 'DEAL_STAGE' }, has_categories: true, has_rows: true })
export const CONTACT = kind(3, 'contact', 'C')
export const COMPANY = kind(4, 'company', 'CO')
export const INVOICE = kind(31, 'smart_invoice', 'SI', {
  address: 'type/31', spelling: 'item', stage: { field: 'STAGE_ID', dictionary: 'SMART_INVOICE_STAGE' }, has_rows: true,
})
export const KINDS = [LEAD, DEAL, CONTACT, COMPANY, INVOICE]
