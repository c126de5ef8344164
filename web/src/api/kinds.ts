// The kinds of CRM records that there are, as the server declares them.
import { shallowRef } from 'vue'
import { language } from '@/i18n'
import { api } from './client'

export interface Kind {
  /** Its name in events and in the console's interface: `deal`. */
  code: string
  entity_type_id: number
  title: string
  plural: string
  /** What stands in `/crm/{address}/list/`: `deal`, `type/31`. */
  address: string
  /** Whether it has methods of its own, `crm.deal.*`, or is one of `crm.item.*`. */
  spelling: 'own' | 'item'
  /** What its references begin with: `D` as in `D_17`. It is also the `ownerType` of product rows. */
  prefix: string
  stage: { field: string, dictionary: string } | null
  has_categories: boolean
  has_rows: boolean
  /** It has requisites of its own, as contacts and companies do. */
  has_requisites: boolean
  /** It uses requisites of its client, as deals do. */
  uses_requisites: boolean
}

/** The kinds that were told last: none until somebody asked. */
export const kinds = shallowRef<Kind[]>([])
let asked: { language: string, answer: Promise<Kind[]> } | undefined

/** Asks anew: smart processes come and go. */
export async function loadKinds(): Promise<Kind[]> {
  const found = await api.get<{ kinds: Kind[] }>('/api/crm/kinds')
  return kinds.value = found.kinds
}

/** Asks unless that was done in this language. */
export function kindsOnce(): Promise<Kind[]> {
  if (asked?.language !== language.value) {
    const answer = loadKinds().catch((error: unknown) => {
      asked = undefined
      throw error
    })
    asked = { language: language.value, answer }
  }
  return asked.answer
}

/** The page of a record. */
export const recordPath = (kind: Pick<Kind, 'address'>, id: string) => `/crm/${kind.address}/details/${id}/`

/** The page where a file becomes records. */
export const importPath = (kind: Pick<Kind, 'address'>) => `/crm/${kind.address}/import/`

/** The page of a list. */
export const listPath = (kind: Pick<Kind, 'address'>) => `/crm/${kind.address}/list/`
