/** The fields of a CRM record as `crm.*.fields` describes them (protocol 6.9), in the shape the pages use. */

/** The kinds of records that have pages. */
export const ENTITIES = ['lead', 'deal', 'contact', 'company', 'quote'] as const

export type Entity = (typeof ENTITIES)[number]

/** A descriptor on the wire. */
export interface Descriptor {
  type: string
  isRequired: boolean
  isReadOnly: boolean
  isImmutable: boolean
  isMultiple: boolean
  isDynamic: boolean
  title: string
  statusType?: string
  formLabel?: string
  listLabel?: string
  items?: { ID: string; VALUE: string }[]
}

/** How a field is edited. */
export type Widget =
  | 'text'
  | 'long'
  | 'number'
  | 'flag'
  | 'yes'
  | 'date'
  | 'time'
  | 'code'
  | 'choice'
  | 'user'
  | 'link'
  | 'contacts'
  | 'file'

/** A field of a record. `dictionary` names a code list, `target` the kind of record that a link leads to. */
export interface Field {
  code: string
  title: string
  type: string
  widget: Widget
  required: boolean
  readOnly: boolean
  immutable: boolean
  multiple: boolean
  dynamic: boolean
  dictionary: string | null
  target: Entity | null
  choices: { id: string; title: string }[]
}

/** A code and what people call it. */
export interface Choice {
  id: string
  title: string
}

/** The value types that a multi-field offers (protocol 6.5). */
export const VALUE_TYPES: Record<string, string[]> = {
  PHONE: ['WORK', 'MOBILE', 'FAX', 'HOME', 'PAGER', 'MAILING', 'OTHER'],
  EMAIL: ['WORK', 'HOME', 'MAILING', 'OTHER'],
  WEB: ['WORK', 'HOME', 'VK', 'LIVEJOURNAL', 'TWITTER', 'OTHER'],
  IM: ['TELEGRAM', 'VK', 'SKYPE', 'VIBER', 'BITRIX24', 'OPENLINE', 'IMOL', 'ICQ', 'MSN', 'JABBER', 'OTHER'],
}

/** Texts that are longer than a line. */
const LONG = /^(COMMENTS|SOURCE_DESCRIPTION|STATUS_DESCRIPTION|ADDITIONAL_INFO|ADDRESS|REG_ADDRESS|ADDRESS_LEGAL|BANKING_DETAILS|CONTENT|TERMS)$/

/** What `crm.*.fields` answered, in its order. */
export function fieldsOf(descriptors: Record<string, Descriptor>): Field[] {
  return Object.entries(descriptors).map(([code, said]) => ({
    code,
    title: said.formLabel ?? said.listLabel ?? said.title ?? code,
    type: said.type,
    widget: widget(code, said.type),
    required: said.isRequired,
    readOnly: said.isReadOnly,
    immutable: said.isImmutable,
    multiple: said.isMultiple,
    dynamic: said.isDynamic,
    dictionary: said.statusType ?? null,
    target: target(said.type),
    choices: (said.items ?? []).map(item => ({ id: String(item.ID), title: item.VALUE })),
  }))
}

function widget(code: string, type: string): Widget {
  switch (type) {
    case 'integer':
    case 'double':
      return 'number'
    case 'char':
      return 'flag'
    case 'boolean':
      return 'yes'
    case 'date':
      return 'date'
    case 'datetime':
      return 'time'
    case 'crm_status':
    case 'crm_category':
      return 'code'
    case 'enumeration':
      return 'choice'
    case 'user':
    case 'employee':
      return 'user'
    case 'crm_multifield':
      return 'contacts'
    case 'file':
      return 'file'
    default:
      if (target(type) !== null) return 'link'
      return LONG.test(code) ? 'long' : 'text'
  }
}

function target(type: string): Entity | null {
  return ENTITIES.find(entity => type === `crm_${entity}`) ?? null
}

/** The columns that a list begins with. */
export const FIRST: Record<Entity, string[]> = {
  lead: ['ID', 'TITLE', 'STATUS_ID', 'OPPORTUNITY', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  deal: ['ID', 'TITLE', 'STAGE_ID', 'OPPORTUNITY', 'COMPANY_ID', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  contact: ['ID', 'NAME', 'LAST_NAME', 'PHONE', 'EMAIL', 'COMPANY_ID', 'DATE_CREATE'],
  company: ['ID', 'TITLE', 'COMPANY_TYPE', 'PHONE', 'EMAIL', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  quote: ['ID', 'QUOTE_NUMBER', 'TITLE', 'STATUS_ID', 'OPPORTUNITY', 'COMPANY_ID', 'CLOSEDATE', 'ASSIGNED_BY_ID'],
}

/** Fields by which no list can be ordered: they are many to a record. */
export function sortable(field: Field): boolean {
  return !field.multiple && field.widget !== 'file'
}

/** What a record is called, for headings. */
export function nameOf(entity: Entity, record: Record<string, unknown>): string {
  const text = (code: string) => (typeof record[code] === 'string' ? (record[code] as string).trim() : '')
  const person = [text('NAME'), text('LAST_NAME')].filter(part => part !== '').join(' ')
  return (entity === 'contact' ? person : text('TITLE') || person) || `#${text('ID')}`
}
