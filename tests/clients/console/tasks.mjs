// Tasks: from a new one to the one that is done, with checklists, comments and time, and the list that finds it.
//
// WELCOME is the link that a new server printed. Prints an OK line for each thing that holds.

import assert from 'node:assert/strict'
import { env } from 'node:process'
import { complaints, look, tooWide } from './axe.mjs'
import { withBrowser } from './visitor.mjs'
import { editor, rest as call, setUp } from './walk.mjs'

const taskOf = async (visitor, id) => (await call(visitor, 'tasks.task.get', { taskId: id, select: ['*', 'TAGS'] })).task

async function made(visitor) {
  const { page } = visitor
  await visitor.go('/tasks/')
  await page.keyboard.press('n')
  const panel = editor(page)
  await panel.getByLabel('Task name').waitFor()
  await visitor.settled()
  await panel.getByLabel('Task name').fill('Order lamps')
  await panel.getByLabel('Description').fill('Twelve of them')
  await panel.getByLabel('Deadline').fill('2036-12-31T18:00')
  await panel.getByLabel('Tags').fill('office, light')
  await panel.getByLabel('Important').check()
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Order lamps' }).waitFor()
  await visitor.settled()
  const id = Number(/view\/(\d+)\//.exec(page.url())[1])
  const task = await taskOf(visitor, id)
  assert.deepEqual([task.title, task.description, task.priority, task.status], ['Order lamps', 'Twelve of them', '2', '2'])
  assert.match(task.deadline, /^2036-12-31T18:00/)
  assert.deepEqual(Object.values(task.tags).map(one => one.title).sort(), ['light', 'office'])
  await panel.getByLabel('Description').fill('Ten of them')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':disabled')).waitFor()
  assert.equal((await taskOf(visitor, id)).description, 'Ten of them')
  console.log('OK a task is written and changed')
  return id
}

/** The buttons are what the server allows in each state. */
async function moved(visitor, id) {
  const panel = editor(visitor.page)
  const actions = panel.getByRole('group', { name: 'Actions' })
  const names = () => actions.getByRole('button').allTextContents().then(all => all.map(one => one.trim()))
  for (const [move, status, offered] of [
    ['Start', '3', ['Pause', 'Complete', 'Defer', 'Delegate']],
    ['Pause', '2', ['Start', 'Complete', 'Defer', 'Delegate']],
    ['Defer', '6', ['Start', 'Complete', 'Reopen', 'Delegate']],
    ['Reopen', '2', ['Start', 'Complete', 'Defer', 'Delegate']],
    ['Complete', '5', ['Reopen']],
  ]) {
    await actions.getByRole('button', { name: move }).click()
    await actions.getByRole('button', { name: offered[0], exact: true }).waitFor()
    await visitor.settled()
    assert.deepEqual(await names(), offered, move)
    assert.equal((await taskOf(visitor, id)).status, status, move)
  }
  console.log('OK a task moves as far as one may')
}

/** With the keyboard alone. */
async function parts(visitor, id) {
  const { page } = visitor
  const panel = editor(page)
  const tab = async name => {
    await panel.getByRole('tab', { name, exact: true }).click()
    await visitor.settled()
  }
  await tab('Checklists')
  await panel.getByLabel('New checklist').focus()
  await page.keyboard.type('Shop')
  await page.keyboard.press('Enter')
  await panel.getByRole('heading', { name: 'Shop' }).waitFor()
  await panel.getByLabel('New item: Shop').focus()
  await page.keyboard.type('Measure')
  await page.keyboard.press('Enter')
  await panel.getByText('1 item is left').waitFor()
  await panel.getByRole('checkbox', { name: 'Measure' }).focus()
  await page.keyboard.press('Space')
  await panel.getByText('0 items are left').waitFor()
  const rows = await call(visitor, 'task.checklistitem.getlist', { TASKID: id })
  assert.deepEqual(rows.filter(row => row.TITLE === 'Measure').map(row => row.IS_COMPLETE), ['Y'])

  await tab('Comments')
  await panel.getByLabel('Comment', { exact: true }).fill('The lamps are here')
  await panel.getByRole('button', { name: 'Add the comment' }).click()
  await panel.getByRole('listitem').getByText('The lamps are here').waitFor()
  await tab('Time')
  await panel.getByRole('textbox', { name: 'Hours' }).fill('1:30')
  await panel.getByLabel('What was done').fill('Went there')
  await page.keyboard.press('Enter')
  await panel.getByText('Time spent: 1:30').waitFor()
  const [time] = await call(visitor, 'task.elapseditem.getlist', { TASKID: id })
  assert.deepEqual([Number(time.SECONDS), time.COMMENT_TEXT], [5400, 'Went there'])
  await tab('History')
  await panel.getByText('STATUS', { exact: true }).first().waitFor()
  await tab('As the API gives it')
  await panel.getByText('"Order lamps"').first().waitFor()
  await page.keyboard.press('Escape')
  console.log('OK a task has checklists, comments and times')
}

/** Files come by button, lie on one's own drive and are taken away. */
async function files(visitor, id) {
  const { page } = visitor
  const panel = editor(page)
  await visitor.go(`/tasks/task/view/${id}/`)
  await panel.getByRole('tab', { name: 'Files', exact: true }).click()
  await panel.getByText('No files yet').waitFor()
  await panel.locator('input[type=file]').setInputFiles({ name: 'lamps.txt', mimeType: 'text/plain', buffer: Buffer.from('Twelve lamps') })
  const link = panel.getByRole('link', { name: 'lamps.txt' })
  await link.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  assert.equal(download.suggestedFilename(), 'lamps.txt')
  await panel.getByRole('button', { name: 'Remove the file lamps.txt' }).click()
  await page.getByRole('dialog', { name: 'Remove “lamps.txt” from the task?' }).getByRole('button', { name: 'Remove', exact: true }).click()
  await link.waitFor({ state: 'detached' })
  console.log('OK a task has files')
}

/** On the board of a workgroup tasks go by keys, by the menu and by drag. */
async function board(visitor) {
  const { page } = visitor
  const { task } = await call(visitor, 'tasks.task.add', { fields: { TITLE: 'Build the stand', RESPONSIBLE_ID: 1, GROUP_ID: 1 } })
  const stages = Object.values(await call(visitor, 'task.stages.get', { entityId: 1 })).sort((a, b) => Number(a.SORT) - Number(b.SORT))
  const column = at => page.getByRole('region', { name: stages[at].TITLE, exact: true })
  const card = at => column(at).getByRole('link', { name: 'Build the stand' })
  const stage = async () => (await call(visitor, 'tasks.task.get', { taskId: task.id, select: ['ID', 'STAGE_ID'] })).task.stageId
  await visitor.go('/tasks/board/')
  await page.getByLabel('Board', { exact: true }).and(page.locator('select')).selectOption({ label: 'Trade fair' })
  await card(0).focus()
  await page.keyboard.press('Alt+ArrowRight')
  await card(1).and(page.locator(':focus')).waitFor()
  assert.equal(await stage(), stages[1].ID)
  await page.getByRole('button', { name: 'Move Build the stand' }).click()
  await page.getByRole('menuitem', { name: `Move to “${stages[2].TITLE}”` }).click()
  await card(2).waitFor()
  await card(2).locator('xpath=ancestor::li').dragTo(column(0))
  await card(0).waitFor()
  await visitor.settled()
  assert.equal(await stage(), stages[0].ID)
  await look(visitor, ['/tasks/board/?group=1', '/tasks/board/', '/workgroups/', '/workgroups/group/1/'])
  console.log('OK tasks move on boards')
}

/** A workgroup is made, somebody is invited, and it is deleted. */
async function group(visitor) {
  const { page } = visitor
  const panel = editor(page)
  await visitor.go('/workgroups/')
  await page.keyboard.press('n')
  await panel.getByLabel('Name', { exact: true }).fill('Moving house')
  await panel.getByLabel('Everybody may join').check()
  await page.keyboard.press('Control+s')
  await panel.getByRole('heading', { level: 1, name: 'Moving house' }).waitFor()
  await panel.getByRole('region', { name: 'Members' }).getByText('Owner').waitFor()
  await panel.getByLabel('Name', { exact: true }).fill('Moving')
  await panel.getByRole('button', { name: 'Save', exact: true }).click()
  await panel.getByRole('heading', { level: 1, name: 'Moving', exact: true }).waitFor()
  await panel.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Delete “Moving”?' }).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('row', { name: /Moving/ }).waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /Trade fair.*Owner/ }).waitFor()
  console.log('OK a workgroup is made, changed and deleted')
}

async function found(visitor) {
  const { page } = visitor
  await visitor.go('/tasks/?status=5&search=lamps')
  await page.getByRole('row', { name: /Order lamps/ }).getByText('Completed').waitFor()
  assert.equal(await page.getByRole('row').count(), 2)
  await visitor.go('/tasks/?role=doing&status=open&search=lamps')
  await page.getByText('Nothing found').waitFor()
  await visitor.go('/company/personal/user/1/tasks/task/view/1/')
  await editor(page).getByRole('heading', { level: 1, name: 'Furnish the new office' }).waitFor()
  await visitor.settled()
  await visitor.go('/tasks/task/view/99999/')
  await editor(page).getByText('Task 99999 does not exist, or you may not see it').waitFor()
  console.log('OK tasks are found by part, state and words')
}

async function removed(visitor, id) {
  const { page } = visitor
  await visitor.go(`/tasks/task/view/${id}/`)
  await editor(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Delete “Order lamps”?' }).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('Task deleted').first().waitFor()
  await page.getByRole('row', { name: /Order lamps/ }).waitFor({ state: 'detached' })
  console.log('OK a task is deleted')
}

/** Axe finds nothing, and nothing is wider than the window. */
async function looks(visitor, tabs) {
  const { page } = visitor
  const look = async name => {
    assert.deepEqual(await complaints(visitor, name), [])
    assert.equal(await tooWide(visitor), 0, name)
  }
  await visitor.go('/tasks/')
  await look('the list')
  await visitor.go('/tasks/task/view/1/')
  for (const name of tabs) {
    await editor(page).getByRole('tab', { name, exact: true }).click()
    await visitor.settled()
    await look(name)
  }
}

/** In the other language, in the dark, on a phone. */
async function phone(visitor) {
  await visitor.onAPhone()
  await looks(visitor, ['Задача', 'Чек-листы', 'Файлы', 'Комментарии', 'Время', 'История'])
  console.log('OK a phone shows them in the dark and in Russian')
}

await withBrowser(async browser => {
  const visitor = await setUp(browser, env.WELCOME)
  const id = await made(visitor)
  await moved(visitor, id)
  await parts(visitor, id)
  await files(visitor, id)
  await board(visitor)
  await group(visitor)
  await found(visitor)
  await removed(visitor, id)
  await looks(visitor, ['Task', 'Checklists', 'Files', 'Comments', 'Time', 'History'])
  await phone(visitor)
  await visitor.leave()
})
