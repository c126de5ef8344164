// Polls in the feed: they are answered, answered anew, closed and opened, by their authors and by employees.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { look } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { accept, ADMIN, rest, setUp } from './walk.mjs'

const poll = (page, title) => page.getByRole('region', { name: `Poll: ${title}` })
const of = async (visitor, attachId) => (await rest(visitor, 'vote.AttachedVote.get', { attachId })).attach

async function voted(visitor) {
  const { page } = visitor
  await visitor.go('/stream/')
  const party = poll(page, 'Summer party')
  await party.getByText('1 vote').first().waitFor()
  await party.getByRole('listitem').filter({ hasText: 'To the lake' }).getByText('your answer').waitFor()
  await party.getByRole('button', { name: /^Change my vote/ }).click()
  assert.equal(await party.getByLabel('To the lake').isChecked(), true, 'what was chosen is marked')
  await party.getByLabel('To the lake').uncheck()
  await party.getByLabel('To the hills').press('Space')
  await party.getByRole('button', { name: /^Vote/ }).press('Enter')
  await party.getByRole('listitem').filter({ hasText: /To the hills.*your answer.*100 %/ }).waitFor()
  await party.getByRole('button', { name: /^Who voted/ }).click()
  await party.getByRole('listitem').filter({ hasText: 'To the hills' }).getByText('Berit Holm').waitFor()
  await party.getByRole('button', { name: /^Take my vote back/ }).click()
  await party.getByLabel('To the hills').waitFor()
  assert.deepEqual([(await of(visitor, 1)).COUNTER, (await of(visitor, 1)).isVoted], [0, false])
  console.log('OK a vote is seen, changed and taken back')
}

async function several(browser, visitor) {
  const QUESTIONS = [
    { QUESTION: 'When?', FIELD_TYPE: 0, ANSWERS: [{ MESSAGE: 'Monday' }, { MESSAGE: 'Friday' }] },
    { QUESTION: 'What to eat?', FIELD_TYPE: 1, ANSWERS: [{ MESSAGE: 'Soup' }, { MESSAGE: 'Bread' }, { MESSAGE: 'Cake' }] }
  ]
  await rest(visitor, 'log.blogpost.add', { POST_TITLE: 'Lunch', POST_MESSAGE: 'Let us eat.', DEST: ['UA'], UF_BLOG_POST_VOTE: 'n0', UF_BLOG_POST_VOTE_n0_DATA: { QUESTIONS, OPTIONS: 0 } })
  const { link } = await visitor.api('POST', '/api/users', { email: 'jan@example.com', name: 'Jan', last_name: 'Berg', position: '', is_admin: false, departments: [1] })
  const jan = await accept(browser, link, { password: ADMIN.password })
  const { page } = jan
  await jan.go('/stream/')
  await poll(page, 'Lunch').getByRole('button', { name: /^Vote/ }).and(page.locator(':disabled')).waitFor()
  await page.getByRole('link', { name: 'Lunch', exact: true }).click()
  const lunch = page.getByRole('dialog').getByRole('region', { name: 'Poll: Lunch' })
  await lunch.getByLabel('Monday').check()
  await lunch.getByLabel('Friday').check()
  assert.equal(await lunch.getByLabel('Monday').isChecked(), false, 'one answer takes the place of the other')
  for (const name of ['Soup', 'Cake']) await lunch.getByLabel(name).check()
  await lunch.getByRole('button', { name: /^Vote/ }).click()
  await lunch.getByRole('listitem').filter({ hasText: /Cake.*your answer/ }).waitFor()
  for (const name of [/^Change my vote/, /^Take my vote back/, /^Close the poll/]) assert.equal(await lunch.getByRole('button', { name }).count(), 0, String(name))
  await jan.leave()
  console.log('OK several questions are answered by an employee')
}

async function closed(visitor) {
  const { page } = visitor
  await visitor.go('/stream/')
  const lunch = poll(page, 'Lunch')
  await lunch.getByRole('button', { name: /^Close the poll/ }).click()
  await lunch.getByText('closed', { exact: true }).waitFor()
  await lunch.getByRole('listitem').filter({ hasText: /Friday.*100 %/ }).waitFor()
  assert.equal(await lunch.getByRole('button', { name: /^Vote/ }).count(), 0)
  await lunch.getByRole('button', { name: /^Open the poll again/ }).click()
  await lunch.getByLabel('Monday').waitFor()
  console.log('OK a poll is closed and opened by its author')
}

const looks = visitor => look(visitor, ['/stream/', '/stream/post/3/'])

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  await voted(visitor)
  await several(browser, visitor)
  await closed(visitor)
  await rest(visitor, 'vote.AttachedVote.vote', { attachId: 1, ballot: { 1: [1] } })
  await looks(visitor)
  await visitor.onAPhone()
  await looks(visitor)
  console.log('OK a phone shows them in the dark and in Russian')
  await visitor.leave()
})
