// What the feed knows without asking.
import type { Draft, Post } from './calls'

/** Everybody. */
export const EVERYBODY = 'UA'

/** The recipients of a post that a number of them names: the first ones, and how many more there are. */
export function someOf<T>(recipients: T[], most: number): { shown: T[], more: number } {
  return recipients.length <= most + 1 ? { shown: recipients, more: 0 } : { shown: recipients.slice(0, most), more: recipients.length - most }
}

/** What a post says, to be changed. */
export const draftOf = (post?: Post): Draft => ({
  title: post?.title ?? '', text: post?.text ?? '', to: post?.recipients.map(one => one.code) ?? [], important: post?.important ?? false, tags: ''
})

/** Recipients as a request names them: nobody in particular is everybody. */
export const toOf = (codes: string[]): string[] => (codes.length === 0 ? [EVERYBODY] : codes)

export const isEmpty = (draft: Draft, files: File[]): boolean => draft.text.trim() === '' && draft.title.trim() === '' && files.length === 0
