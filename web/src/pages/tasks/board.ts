/** Boards: columns of stages with the tasks that stand there, and where a task goes when it is moved. */
import type { Task } from './tasks'

/** A stage as `task.stages.get` answers it, by its number. */
export interface StageRow {
  ID: string
  TITLE: string
  SORT: string
  COLOR: string
}

export interface Column {
  id: string
  title: string
  tasks: Task[]
  /** All that stand there, also those that are not shown. */
  total: number
}

/** The stages in their order. */
export const sorted = (stages: Record<string, StageRow>): StageRow[] => Object.values(stages).sort((a, b) => Number(a.SORT) - Number(b.SORT) || Number(a.ID) - Number(b.ID))

/** What a column of a board asks for. Tasks that were never moved stand in the first stage of a workgroup's board; a plan has what is open. */
export const filterOf = (board: number, stage: string, isFirst: boolean): Record<string, unknown> =>
  board === 0 ? { 'STAGE_ID': stage, '!REAL_STATUS': ['5'] } : { GROUP_ID: board, STAGE_ID: isFirst ? ['0', stage] : stage }

export interface Target {
  stage: string
  before?: string
  after?: string
}

/** Where a task goes that is put at a place of a column: in front of what stands there, or behind the last. */
export function targetAt(columns: Column[], task: string, stage: string, at: number): Target {
  const others = (columns.find(column => column.id === stage)?.tasks ?? []).filter(one => one.id !== task)
  const next = others[at]
  if (next) return { stage, before: next.id }
  const last = others.at(-1)
  return last ? { stage, after: last.id } : { stage }
}

/** Where a key moves a task: to the column beside, or past a neighbour. Nothing when there is none. */
export function targetBy(columns: Column[], task: string, key: string): Target | undefined {
  const from = columns.findIndex(column => column.tasks.some(one => one.id === task))
  const column = columns[from]
  if (!column) return undefined
  const at = column.tasks.findIndex(one => one.id === task)
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const beside = columns[from + (key === 'ArrowLeft' ? -1 : 1)]
    return beside && targetAt(columns, task, beside.id, 0)
  }
  const neighbour = column.tasks[at + (key === 'ArrowUp' ? -1 : 1)]
  if (!neighbour || (key !== 'ArrowUp' && key !== 'ArrowDown')) return undefined
  return key === 'ArrowUp' ? { stage: column.id, before: neighbour.id } : { stage: column.id, after: neighbour.id }
}
