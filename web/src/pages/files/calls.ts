// What the pages of files ask of REST, as the signed-in person.
import { call } from '@/api'

/** Rows on a page. */
export const PAGE_SIZE = 50

export interface Storage {
  ID: string
  NAME: string
  ENTITY_TYPE: string
  ROOT_OBJECT_ID: string
}

export interface Item {
  ID: string
  NAME: string
  TYPE: 'folder' | 'file'
  STORAGE_ID: string
  PARENT_ID: string | null
  SIZE?: string
  UPDATE_TIME: string
  DELETE_TIME: string | null
  DOWNLOAD_URL?: string
}

export interface Version {
  ID: string
  SIZE: string
  GLOBAL_CONTENT_VERSION: string
  CREATE_TIME: string
  DOWNLOAD_URL: string
}

export interface Listed {
  items: Item[]
  total: number
}

export const storages = async () => (await call<Storage[]>('disk.storage.getList')).result

async function page(method: string, id: string, order: Record<string, string>, at: number): Promise<Listed> {
  const { result, total } = await call<Item[]>(method, { id, order, start: (at - 1) * PAGE_SIZE })
  return { items: result, total: total ?? result.length }
}

/** What lies in a folder: folders first. */
export const childrenOf = (folder: string, sort: string, at: number) =>
  page('disk.folder.getChildren', folder, { TYPE: 'DESC', [sort.replace('-', '')]: sort.startsWith('-') ? 'DESC' : 'ASC' }, at)

/** What was deleted from a storage, the last first. */
export const trashOf = (storage: string, at: number) => page('disk.storage.getTrash', storage, { DELETE_TIME: 'DESC' }, at)

export async function search(words: string, storage: string, at: number): Promise<Listed> {
  const start = (at - 1) * PAGE_SIZE
  const { result, next } = await call<Item[]>('disk.file.search', { QUERY: words, TYPE: 'all', FILTER: { STORAGE_ID: storage }, start })
  // It says only whether there is more.
  return { items: result, total: next ?? start + result.length }
}

/** The folders from below the root to this one. */
export async function trail(folder: string, root: string): Promise<Item[]> {
  const above: Item[] = []
  for (let id = folder; id !== root;) {
    const one = (await call<Item>('disk.folder.get', { id })).result
    above.unshift(one)
    // Of what was shared only this part can be seen.
    if (one.PARENT_ID === null) break
    id = one.PARENT_ID
    if (id !== root && !(await call<Item>('disk.folder.get', { id }).catch(() => undefined))) break
  }
  return above
}

const at = (item: Item) => `disk.${item.TYPE}`
export const addFolder = (parent: string, name: string) => call<Item>('disk.folder.addSubFolder', { id: parent, data: { NAME: name } })
export const rename = (item: Item, newName: string) => call<Item>(`${at(item)}.rename`, { id: item.ID, newName })
export const moveTo = (item: Item, targetFolderId: string) => call<Item | false>(`${at(item)}.moveTo`, { id: item.ID, targetFolderId })
export const copyTo = (item: Item, targetFolderId: string) => call<Item>(`${at(item)}.copyTo`, { id: item.ID, targetFolderId })
export const toTrash = (item: Item) => call<Item>(`${at(item)}.markDeleted`, { id: item.ID })
export const restore = (item: Item) => call<Item>(`${at(item)}.restore`, { id: item.ID })
export const deleteForGood = (item: Item) => call<boolean>(item.TYPE === 'file' ? 'disk.file.delete' : 'disk.folder.deleteTree', { id: item.ID })
export const share = (folder: string, userId: string, taskName: string) => call<boolean>('disk.folder.shareToUser', { id: folder, userId, taskName })
export const publicLink = async (file: string) => (await call<string>('disk.file.getExternalLink', { id: file })).result

export const getFile = async (id: string) => (await call<Item>('disk.file.get', { id })).result
export const versionsOf = async (id: string) => (await call<Version[]>('disk.file.getVersions', { id })).result
export const restoreVersion = (id: string, versionId: string) => call<Item>('disk.file.restoreFromVersion', { id, versionId })

/** Where a new file of a folder is to be sent. */
export const uploadUrl = async (folder: string, name: string) =>
  (await call<{ uploadUrl: string }>('disk.folder.uploadFile', { id: folder, data: { NAME: name }, generateUniqueName: true })).result.uploadUrl

/** Where a new content of a file is to be sent. */
export const versionUrl = async (file: string) => (await call<{ uploadUrl: string }>('disk.file.uploadVersion', { id: file })).result.uploadUrl
