import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ballotOf, given, marked, pollOf } from './poll'

const answer = (ID: string, C_SORT: string, COUNTER: string) => ({ ID, C_SORT, MESSAGE: `A${ID}`, COUNTER, PERCENT: 50 })
const ATTACH = {
  ID: 1, COUNTER: 2, ANONYMITY: 0, canEdit: false, canVote: false, canRevote: true, isVoted: true, isFinished: false, userAnswerMap: { 5: { 8: {} } },
  QUESTIONS: { 5: { ID: '5', C_SORT: '20', QUESTION: 'Where?', FIELD_TYPE: '0', ANSWERS: { 7: answer('7', '20', '1'), 8: answer('8', '10', '1') } }, 6: { ID: '6', C_SORT: '10', QUESTION: 'When?', FIELD_TYPE: '1', ANSWERS: [] as [] } }
}

test('a poll is shown in its order, with the own answers', () => {
  const poll = pollOf(ATTACH)
  assert.deepEqual(poll.questions.map(one => [one.text, one.several, one.answers.map(each => [each.text, each.isMine])]), [['When?', true, []], ['Where?', false, [['A8', true], ['A7', false]]]])
  assert.deepEqual([poll.votes, poll.isVoted, poll.mayVote, poll.mayChange], [2, true, false, true])
  assert.deepEqual(ballotOf(poll), { 5: ['8'], 6: [] })
  assert.deepEqual(ballotOf(pollOf({ ...ATTACH, userAnswerMap: [] as [] })), { 5: [], 6: [] })
})

test('of one question one answer is chosen, or several', () => {
  const [several, one] = pollOf(ATTACH).questions
  assert.deepEqual(marked({ 5: ['8'] }, one!, '7', true), { 5: ['7'] })
  assert.deepEqual(marked({ 6: ['1'] }, several!, '2', true), { 6: ['1', '2'] })
  assert.deepEqual(given(marked({ 6: ['1'], 5: ['7'] }, several!, '1', false)), { 5: ['7'] })
})
