// What the tables and the CSV of the statistics hold.
import { t } from '@/i18n'
import type { Kind, Named, UsageRow } from '@/api/statistics'
import { type Series, counted } from './chart'

/** What a series or an integration is called. */
export function nameOf(one: Series | Named | null): string {
  if (one === null || one.id === null) return t('statistics.others')
  return one.title ?? t('statistics.deleted', { id: one.id })
}

/** Every counted row, with headings. */
export function chartCells(rows: UsageRow[], kind: Kind): (string | number)[][] {
  const bad = t(kind === 'calls' ? 'statistics.errors' : 'statistics.failed')
  const head = [t('statistics.date'), 'ID', t('statistics.name'), t('statistics.total'), bad]
  const body = rows.map(row => {
    const { total, failed } = counted(row, kind)
    return [row.at, row.integration?.id ?? '', nameOf(row.integration), total, failed]
  })
  return [head, ...body]
}
