// What the feed asks of REST, as the signed-in person.
import { call } from '@/api'
import { dataUrl } from '@/parts'
import { ownPath } from '../files/files'
import { ownGroups } from '../groups/calls'

/** Posts on a page. */
export const PAGE_SIZE = 50

export interface Attached {
  id: number
  name: string
  size: number
  url: string
}

export interface Post {
  id: number
  title: string | null
  text: string
  authorId: number
  authorName: string
  published: string
  changed: string | null
  important: boolean
  importantUntil: string | null
  read: boolean
  comments: number
  recipients: { code: string, name: string }[]
  mayChange: boolean
  attachId: number | null
  files: Attached[]
  tags: string[]
}

export interface Comment {
  id: number
  authorId: number
  authorName: string
  date: string
  text: string
  files: Attached[]
  mayDelete: boolean
}

const own = <T extends { files: Attached[] }>(row: T): T => ({ ...row, files: row.files.map(file => ({ ...file, url: ownPath(file.url) })) })

export async function posts(unread: boolean, page: number) {
  const { result, total } = await call<Post[]>('log.blogpost.list', { UNREAD: unread ? 'Y' : 'N', start: (page - 1) * PAGE_SIZE })
  return { posts: result.map(own), total: total ?? result.length }
}

export const getPost = async (id: number) => (await call<Post[]>('log.blogpost.list', { POST_ID: id })).result.map(own)[0]
export const markRead = (id: number) => call<boolean>('log.blogpost.read', { POST_ID: id })
export const deletePost = (id: number) => call<boolean>('log.blogpost.delete', { POST_ID: id })

export const commentsOf = async (id: number) => (await call<Comment[]>('log.blogcomment.list', { POST_ID: id })).result.map(own)
export const addComment = (id: number, TEXT: string) => call<number>('log.blogcomment.add', { POST_ID: id, TEXT })
export const deleteComment = (id: number) => call<boolean>('log.blogcomment.delete', { COMMENT_ID: id })

export interface Draft {
  title: string
  text: string
  to: string[]
  important: boolean
  tags: string
}

/** Files as requests have them: a name and the content in base64. */
const contents = (files: File[]) => Promise.all(files.map(async file => {
  const url = await dataUrl(file)
  return [file.name, url.slice(url.indexOf(',') + 1)]
}))

export async function addPost(draft: Draft, files: File[]): Promise<number> {
  const { result } = await call<number>('log.blogpost.add', {
    POST_MESSAGE: draft.text, POST_TITLE: draft.title, DEST: draft.to, IMPORTANT: draft.important ? 'Y' : 'N', TAGS: draft.tags, FILES: await contents(files)
  })
  return result
}

export const updatePost = (id: number, draft: Draft) =>
  call<number>('log.blogpost.update', { POST_ID: id, POST_MESSAGE: draft.text, POST_TITLE: draft.title, DEST: draft.to, IMPORTANT: draft.important ? 'Y' : 'N' })

export interface Place { code: string, name: string }

/** Workgroups and departments to write to. */
export async function places(): Promise<{ groups: Place[], departments: Place[] }> {
  const [groups, departments] = await Promise.all([
    ownGroups().catch(() => []),
    call<{ ID: string, NAME: string }[]>('department.get').then(answer => answer.result, () => [])
  ])
  return {
    groups: groups.map(group => ({ code: `SG${group.GROUP_ID}`, name: group.GROUP_NAME })),
    departments: departments.map(one => ({ code: `DR${one.ID}`, name: one.NAME }))
  }
}
