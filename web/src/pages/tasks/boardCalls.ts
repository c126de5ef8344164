// What boards ask of REST.
import { call } from '@/api'
import { type Column, type StageRow, type Target, filterOf, sorted } from './board'
import type { Task } from './tasks'

const SHOWN = ['ID', 'TITLE', 'STATUS', 'SUB_STATUS', 'PRIORITY', 'DEADLINE', 'RESPONSIBLE_ID', 'STAGE_ID', 'GROUP_ID']

/** The columns of a workgroup's board, or with 0 of one's own plan. */
export async function columnsOf(board: number): Promise<Column[]> {
  const stages = sorted((await call<Record<string, StageRow>>('task.stages.get', { entityId: board })).result)
  const order = board === 0 ? { SORTING: 'asc', DEADLINE: 'asc' } : { SORTING: 'asc' }
  return Promise.all(stages.map(async (stage, at) => {
    const filter = filterOf(board, stage.ID, at === 0)
    const { result, total } = await call<{ tasks: Task[] }>('tasks.task.list', { filter, order, select: SHOWN })
    return { id: stage.ID, title: stage.TITLE, tasks: result.tasks, total: total ?? result.tasks.length }
  }))
}

export const putTask = (id: string, { stage, before, after }: Target) => call<boolean>('task.stages.movetask', { id, stageId: stage, before, after })
