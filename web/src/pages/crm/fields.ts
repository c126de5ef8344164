/** The fields of a CRM record as `crm.*.fields` describes them (protocol 6.9), in the shape the pages use. */

import type { Kind } from '@/api/kinds'

/** A descriptor on the wire. */
export interface Descriptor {
  type: string
  isRequired: boolean
  isReadOnly: boolean
  isImmutable: boolean
  isMultiple: boolean
  isDynamic: boolean
  title: string
  /** A code list; of some fields a list with one of them. */
  statusType?: string | string[]
  formLabel?: string
  listLabel?: string
  items?: { ID: string; VALUE: string }[]
  /** In `crm.item.fields`: the name in capitals. */
  upperName?: string
  settings?: unknown
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

/**
 * A field of a record, by its name in capitals; `name` is the one that travels. `dictionary` names a code list, `target` the kind
 * of record that a link leads to, `targets` those that a typed reference may lead to.
 */
export interface Field {
  code: string
  name: string
  title: string
  type: string
  widget: Widget
  required: boolean
  readOnly: boolean
  immutable: boolean
  multiple: boolean
  dynamic: boolean
  dictionary: string | null
  target: Kind | null
  targets: Kind[]
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

/** What `crm.*.fields` answered about a kind, in its order; `kinds` are all that there are. */
export function fieldsOf(kind: Pick<Kind, 'spelling' | 'entity_type_id'>, kinds: Kind[], descriptors: Record<string, Descriptor>): Field[] {
  return Object.entries(descriptors).map(([name, said]) => described(kind, kinds, name, said))
}

function described(kind: Pick<Kind, 'spelling' | 'entity_type_id'>, kinds: Kind[], name: string, said: Descriptor): Field {
  const code = said.upperName ?? name
  const targets = targetsOf(kinds, said)
  // A reference that can lead to one kind only is a bare number.
  const target = targets.length === 1 ? targets[0]! : null
  return {
    code,
    name,
    title: said.formLabel ?? said.listLabel ?? said.title ?? code,
    type: said.type,
    widget: target ? 'link' : widget(code, said.type, kind.spelling === 'item'),
    required: said.isRequired,
    readOnly: said.isReadOnly,
    immutable: said.isImmutable,
    multiple: said.isMultiple,
    dynamic: said.isDynamic,
    dictionary: said.type === 'crm_category' ? `category-${String(kind.entity_type_id)}` : ([said.statusType].flat()[0] ?? null),
    target,
    targets,
    choices: (said.items ?? []).map(item => ({ id: String(item.ID), title: item.VALUE })),
  }
}

/** The kinds of records that a field names. */
function targetsOf(kinds: Kind[], said: Descriptor): Kind[] {
  const settings = (said.settings ?? {}) as Record<string, unknown>
  if (said.type === 'crm_entity') return kinds.filter(kind => kind.entity_type_id === Number(settings.parentEntityTypeId))
  if (said.type === 'crm') return kinds.filter(kind => settings[kind.code.toUpperCase()] === 'Y')
  return kinds.filter(kind => said.type === `crm_${kind.code}`)
}

function widget(code: string, type: string, isItem: boolean): Widget {
  switch (type) {
    case 'integer':
    case 'double':
      return 'number'
    case 'char':
      return 'flag'
    case 'boolean':
      // An item says Y and N.
      return isItem ? 'flag' : 'yes'
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
    case 'text':
      return 'long'
    default:
      return LONG.test(code) ? 'long' : 'text'
  }
}

/** The columns that lists of some kinds begin with. */
const FIRST: Record<string, string[]> = {
  lead: ['ID', 'TITLE', 'STATUS_ID', 'OPPORTUNITY', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  deal: ['ID', 'TITLE', 'STAGE_ID', 'OPPORTUNITY', 'COMPANY_ID', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  contact: ['ID', 'NAME', 'LAST_NAME', 'PHONE', 'EMAIL', 'COMPANY_ID', 'DATE_CREATE'],
  company: ['ID', 'TITLE', 'COMPANY_TYPE', 'PHONE', 'EMAIL', 'ASSIGNED_BY_ID', 'DATE_CREATE'],
  quote: ['ID', 'QUOTE_NUMBER', 'TITLE', 'STATUS_ID', 'OPPORTUNITY', 'COMPANY_ID', 'CLOSEDATE', 'ASSIGNED_BY_ID'],
}

/** The columns that a list begins with, as far as its kind has them. */
export function firstOf(kind: Kind): string[] {
  const stage = kind.stage ? [kind.stage.field] : []
  return FIRST[kind.code] ?? ['ID', 'TITLE', ...stage, 'OPPORTUNITY', 'COMPANY_ID', 'ASSIGNED_BY_ID', 'DATE_CREATE', 'CREATED_TIME']
}

/** Fields by which no list can be ordered: they are many to a record. */
export function sortable(field: Field): boolean {
  return !field.multiple && field.widget !== 'file'
}

/** What a record is called, for headings: by its title, or by the names of a person. */
export function nameOf(record: Record<string, unknown>): string {
  const text = (code: string) => (typeof record[code] === 'string' ? (record[code] as string).trim() : '')
  const person = [text('NAME'), text('LAST_NAME')].filter(part => part !== '').join(' ')
  return text('TITLE') || person || `#${String(record.ID ?? '')}`
}

/** The fields that a record is called by. */
export function namedBy(kind: Kind): string[] {
  return kind.code === 'contact' ? ['ID', 'NAME', 'LAST_NAME'] : ['ID', 'TITLE']
}
