// What the pages of tasks ask of REST, as the signed-in person.
import { call } from '@/api'
import type { ChecklistRow, Move, Task } from './tasks'

/** Rows on a page. */
export const PAGE_SIZE = 50

const SHOWN = ['ID', 'TITLE', 'STATUS', 'SUB_STATUS', 'PRIORITY', 'DEADLINE', 'CREATED_BY', 'RESPONSIBLE_ID', 'CREATED_DATE', 'TIME_SPENT_IN_LOGS', 'GROUP_ID']

export interface Listed {
  tasks: Task[]
  total: number
}

export async function listTasks(filter: Record<string, unknown>, order: Record<string, string>, page: number): Promise<Listed> {
  const { result, total } = await call<{ tasks: Task[] }>('tasks.task.list', { filter, order, select: SHOWN, start: (page - 1) * PAGE_SIZE })
  return { tasks: result.tasks, total: total ?? result.tasks.length }
}

/** A task with what may be done with it; nothing for one that the person does not see. */
export async function getTask(id: number): Promise<Task | undefined> {
  const { result } = await call<{ task?: Task } | unknown[]>('tasks.task.get', { taskId: id, select: ['*', 'TAGS', 'UF_CRM_TASK', 'UF_TASK_WEBDAV_FILES'] })
  return Array.isArray(result) ? undefined : result.task
}

export const addTask = async (fields: Record<string, unknown>) => (await call<{ task: Task }>('tasks.task.add', { fields })).result.task
export const updateTask = (id: number, fields: Record<string, unknown>) => call<unknown>('tasks.task.update', { taskId: id, fields })
export const deleteTask = (id: number) => call<unknown>('tasks.task.delete', { taskId: id })
export const moveTask = (id: number, move: Move) => call<unknown>(`tasks.task.${move}`, { taskId: id })
export const delegateTask = (id: number, user: string) => call<unknown>('tasks.task.delegate', { taskId: id, userId: user })

export const checklistOf = async (id: number) => (await call<ChecklistRow[]>('task.checklistitem.getlist', { TASKID: id, ORDER: { SORT_INDEX: 'asc' } })).result
/** Adds an item, or below nothing a checklist. */
export const addToChecklist = (id: number, title: string, parent: string) =>
  call<number>('task.checklistitem.add', { TASKID: id, FIELDS: { TITLE: title, PARENT_ID: parent } })
export const tickItem = (id: number, item: string, done: boolean) => call<unknown>(`task.checklistitem.${done ? 'complete' : 'renew'}`, { TASKID: id, ITEMID: item })
export const deleteItem = (id: number, item: string) => call<unknown>('task.checklistitem.delete', { TASKID: id, ITEMID: item })

/** A file that is attached to a task. */
export interface TaskFile {
  ATTACHMENT_ID: string
  NAME: string
  SIZE: string
  FILE_ID: string
  DOWNLOAD_URL: string
}

export const filesOf = async (id: number) => (await call<TaskFile[]>('task.item.getfiles', { TASKID: id })).result
export const attachFile = (id: number, file: string) => call<unknown>('tasks.task.files.attach', { taskId: id, fileId: file })
export const detachFile = (id: number, attachment: string) => call<unknown>('task.item.deletefile', { TASK_ID: id, ATTACHMENT_ID: attachment })
/** The root folder of one's own drive, where files lie that one brings. */
export const ownFolder = async (me: number) =>
  (await call<{ ROOT_OBJECT_ID: string }[]>('disk.storage.getList', { filter: { ENTITY_TYPE: 'user', ENTITY_ID: String(me) } })).result[0]?.ROOT_OBJECT_ID

export interface Comment {
  ID: string
  AUTHOR_NAME: string
  POST_DATE: string
  POST_MESSAGE: string
}

export const commentsOf = async (id: number) => (await call<Comment[]>('task.commentitem.getlist', { TASKID: id, ORDER: { POST_DATE: 'asc' } })).result
export const addComment = (id: number, text: string) => call<number>('task.commentitem.add', { TASKID: id, FIELDS: { POST_MESSAGE: text } })

export interface Elapsed {
  ID: string
  USER_ID: string
  SECONDS: string
  COMMENT_TEXT: string | null
  CREATED_DATE: string
}

export const elapsedOf = async (id: number) => (await call<Elapsed[]>('task.elapseditem.getlist', { TASKID: id, ORDER: { ID: 'desc' } })).result
export const addElapsed = (id: number, seconds: number, comment: string) => call<number>('task.elapseditem.add', { TASKID: id, ARFIELDS: { SECONDS: seconds, COMMENT_TEXT: comment } })
export const deleteElapsed = (id: number, item: string) => call<unknown>('task.elapseditem.delete', { TASKID: id, ITEMID: item })

export interface Change {
  id: number | string
  createdDate: string
  field: string
  value: { from: string | null, to: string | null }
  user: { id: number | string, name: string, lastName?: string }
}

export const historyOf = async (id: number) => (await call<{ list: Change[] }>('tasks.task.history.list', { taskId: id, order: { ID: 'desc' } })).result.list
