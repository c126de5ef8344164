// Polls of posts: what the methods `vote.AttachedVote.*` answer, and what is shown of it.
import { call } from '@/api'

interface AnswerRow { ID: string, C_SORT: string, MESSAGE: string, COUNTER: string | number, PERCENT: number }
interface QuestionRow { ID: string, C_SORT: string, QUESTION: string, FIELD_TYPE: string, ANSWERS: Record<string, AnswerRow> | [] }
interface Attach {
  ID: number, COUNTER: number, ANONYMITY: number, QUESTIONS: Record<string, QuestionRow> | [], userAnswerMap: Record<string, Record<string, unknown>> | []
  canEdit: boolean, canVote: boolean, canRevote: boolean, isVoted: boolean, isFinished: boolean
}

export interface Answer { id: string, text: string, votes: number, percent: number, isMine: boolean }
export interface Question { id: string, text: string, several: boolean, answers: Answer[] }
export interface Poll { votes: number, isAnonymous: boolean, isOver: boolean, isVoted: boolean, mayVote: boolean, mayChange: boolean, mayEdit: boolean, questions: Question[] }

const inOrder = <R extends { ID: string, C_SORT: string }>(rows: Record<string, R> | []): R[] =>
  Object.values(rows).sort((one, other) => Number(one.C_SORT) - Number(other.C_SORT) || Number(one.ID) - Number(other.ID))

/** A poll as it is shown. */
export function pollOf(attach: Attach): Poll {
  const mine = (question: string) => Object.keys((attach.userAnswerMap as Record<string, object>)[question] ?? {})
  const questions = inOrder(attach.QUESTIONS).map(row => ({
    id: row.ID, text: row.QUESTION, several: row.FIELD_TYPE === '1',
    answers: inOrder(row.ANSWERS).map(one => ({ id: one.ID, text: one.MESSAGE, votes: Number(one.COUNTER), percent: one.PERCENT, isMine: mine(row.ID).includes(one.ID) }))
  }))
  return { votes: attach.COUNTER, isAnonymous: attach.ANONYMITY === 1, isOver: attach.isFinished, isVoted: attach.isVoted, mayVote: attach.canVote, mayChange: attach.isVoted && attach.canRevote, mayEdit: attach.canEdit, questions }
}

export type Ballot = Record<string, string[]>

/** What the person chose before, by question. */
export const ballotOf = (poll: Poll): Ballot => Object.fromEntries(poll.questions.map(one => [one.id, one.answers.filter(answer => answer.isMine).map(answer => answer.id)]))

/** A ballot on which an answer is chosen, or not: where only one is possible it takes the place of others. */
export function marked(ballot: Ballot, question: Question, answer: string, on: boolean): Ballot {
  const rest = question.several ? (ballot[question.id] ?? []).filter(one => one !== answer) : []
  return { ...ballot, [question.id]: on ? [...rest, answer] : rest }
}

/** Questions without an answer are left out. */
export const given = (ballot: Ballot): Ballot => Object.fromEntries(Object.entries(ballot).filter(([, answers]) => answers.length > 0))

export const getPoll = async (attachId: number) => pollOf((await call<{ attach: Attach }>('vote.AttachedVote.get', { attachId })).result.attach)
export const vote = (attachId: number, ballot: Ballot) => call<unknown>('vote.AttachedVote.vote', { attachId, ballot: given(ballot) })
export const act = (what: 'recall' | 'stop' | 'resume', attachId: number) => call<unknown>(`vote.AttachedVote.${what}`, { attachId })

/** Who chose which answer: the names of the first ones. */
export async function votersOf(attachId: number): Promise<Map<string, string[]>> {
  const { result } = await call<{ voted: Record<string, { NAME: string }[]> | [] }>('vote.AttachedVote.getWithVoted', { attachId, pageSize: 50 })
  return new Map(Object.entries(result.voted as Record<string, { NAME: string }[]>).map(([answer, people]) => [answer, people.map(one => one.NAME)]))
}
