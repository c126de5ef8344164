// What the pages of workflows ask of REST, as a signed-in administrator.
import { call } from '@/api'

/** Rows on a page. */
export const PAGE_SIZE = 50

export interface TaskRow {
  id: number
  name: string
  userId: number
  status: number
  comment: string
  answers: unknown
}

export interface Instance {
  id: number
  workflowId: string
  moduleId: string
  entity: string
  documentId: string
  documentName: string
  started: string
  startedBy: number
  templateId: number
  templateName: string | null
  parameters: unknown
  running: string
  state: string | null
  ended: string | null
  eventToken: string
  tasks: TaskRow[]
  log: { message: string, date: string, userId: number }[]
}

export interface Parameter {
  Name?: string
  Type?: string
  Required?: string
}

export interface Template {
  id: number
  name: string
  description: string | null
  moduleId: string
  entity: string
  documentType: string
  parameters: Record<string, Parameter> | null | unknown[]
  ends: string
  taskName: string | null
  taskActivity: string
  taskUsers: (string | number)[] | null
  userId: number
  modified: string
}

export async function instances(show: string, words: string, page: number) {
  const filter = { ...(show && { running: show === 'running' ? 'Y' : 'N' }), ...(words && { '%documentName': words }) }
  const { result, total } = await call<{ instances: Instance[] }>('bizproc.recorder.instance.list', { filter, start: (page - 1) * PAGE_SIZE })
  return { instances: result.instances, total: total ?? result.instances.length }
}

export const getInstance = async (id: number) => (await call<{ instance: Instance }>('bizproc.recorder.instance.get', { id })).result.instance
export const terminate = (workflow: string) => call<boolean>('bizproc.workflow.terminate', { ID: workflow })
export const deleteInstance = (id: number) => call<unknown>('bizproc.recorder.instance.delete', { id })

export async function templates(page: number) {
  const { result, total } = await call<{ templates: Template[] }>('bizproc.recorder.template.list', { order: { id: 'ASC' }, start: (page - 1) * PAGE_SIZE })
  return { templates: result.templates, total: total ?? result.templates.length }
}

export const getTemplate = async (id: number) => (await call<{ template: Template }>('bizproc.recorder.template.get', { id })).result.template
export const addTemplate = async (fields: Record<string, unknown>) => (await call<{ template: Template }>('bizproc.recorder.template.add', { fields })).result.template
export const updateTemplate = (id: number, fields: Record<string, unknown>) => call<unknown>('bizproc.recorder.template.update', { id, fields })
export const deleteTemplate = (id: number) => call<unknown>('bizproc.recorder.template.delete', { id })
