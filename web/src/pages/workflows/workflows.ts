// What the pages of workflows know without asking.
import type { Template } from './calls'

const OF_CRM = { LEAD: 'CCrmDocumentLead', DEAL: 'CCrmDocumentDeal', CONTACT: 'CCrmDocumentContact', COMPANY: 'CCrmDocumentCompany', QUOTE: 'Bitrix\\Crm\\Integration\\BizProc\\Document\\Quote', SMART_INVOICE: 'Bitrix\\Crm\\Integration\\BizProc\\Document\\SmartInvoice' } as const
/** Kinds of documents that have a number: of the list, the drive or the smart process. */
const NUMBERED = {
  list: ['lists', 'Bitrix\\Lists\\BizprocDocumentLists', 'iblock_'],
  drive: ['disk', 'Bitrix\\Disk\\BizProcDocument', 'STORAGE_'],
  type: ['crm', 'Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic', 'DYNAMIC_']
} as const

export type Kind = keyof typeof OF_CRM | keyof typeof NUMBERED
export const KINDS = [...Object.keys(OF_CRM), ...Object.keys(NUMBERED)] as Kind[]
export const isNumbered = (kind: Kind): kind is keyof typeof NUMBERED => kind in NUMBERED

export const TYPES = ['string', 'text', 'int', 'double', 'bool', 'date', 'datetime', 'user'] as const
export const ACTIVITIES = ['ApproveActivity', 'ReviewActivity', 'RequestInformationActivity', 'RequestInformationOptionalActivity'] as const

export interface ParameterRow { id: string, name: string, type: string, required: boolean }

export interface Draft {
  name: string
  description: string
  kind: Kind
  number: string
  parameters: ParameterRow[]
  ends: boolean
  taskName: string
  taskActivity: string
  taskUsers: string
}

/** The kind of documents of a template, with its number. */
export function kindOf(template: Pick<Template, 'moduleId' | 'documentType'>): { kind: Kind, number: string } {
  const numbered = (Object.keys(NUMBERED) as (keyof typeof NUMBERED)[]).find(kind => template.documentType.startsWith(NUMBERED[kind][2]))
  if (numbered) return { kind: numbered, number: template.documentType.slice(NUMBERED[numbered][2].length) }
  return { kind: (template.documentType in OF_CRM ? template.documentType : 'DEAL') as Kind, number: '' }
}

export function draftOf(template?: Template): Draft {
  const given = template?.parameters && !Array.isArray(template.parameters) ? template.parameters : {}
  return {
    name: template?.name ?? '', description: template?.description ?? '', ...(template ? kindOf(template) : { kind: 'DEAL' as Kind, number: '' }),
    parameters: Object.entries(given).map(([id, one]) => ({ id, name: one.Name ?? '', type: one.Type ?? 'string', required: one.Required === '1' })),
    ends: template?.ends !== 'N', taskName: template?.taskName ?? '', taskActivity: template?.taskActivity ?? 'ApproveActivity', taskUsers: (template?.taskUsers ?? []).join(', ')
  }
}

/** A draft as a request has it. Of a template that is there, the type of documents stays what it says in its own words. */
export function fieldsOf(draft: Draft, before?: Template): Record<string, unknown> {
  const same = before && kindOf(before).kind === draft.kind && kindOf(before).number === draft.number
  const [moduleId, entity, documentType] = isNumbered(draft.kind)
    ? [NUMBERED[draft.kind][0], NUMBERED[draft.kind][1], NUMBERED[draft.kind][2] + draft.number.trim()]
    : ['crm', OF_CRM[draft.kind], draft.kind]
  return {
    name: draft.name, description: draft.description, ...(same ? {} : { moduleId, entity, documentType }),
    parameters: Object.fromEntries(draft.parameters.filter(one => one.id.trim()).map(one => [one.id.trim(), { Name: one.name || one.id.trim(), Type: one.type, Required: one.required ? '1' : '0' }])),
    ends: draft.ends ? 'Y' : 'N', taskName: draft.taskName, taskActivity: draft.taskActivity, taskUsers: draft.taskUsers.split(',').map(one => one.trim()).filter(Boolean)
  }
}

/** Whether there is enough to be saved. */
export const isWhole = (draft: Draft): boolean => draft.name.trim() !== '' && (!isNumbered(draft.kind) || /^\d+$/.test(draft.number.trim()))
