// The columns of the log.
import type { Column } from '@/parts'
import { t } from '@/i18n'

export const columns = (): Column[] => [
  { key: 'at', title: t('calls.at'), line: 2 },
  { key: 'method', title: t('calls.method'), fixed: true, line: 1, wide: true },
  { key: 'integration', title: t('calls.integration'), line: 2 },
  { key: 'status', title: t('calls.status'), fixed: true, line: 1 },
  { key: 'took', title: t('calls.took'), align: 'right' },
  { key: 'size', title: t('calls.size'), align: 'right', hidden: true },
  { key: 'address', title: t('calls.address'), hidden: true },
  { key: 'id', title: 'ID', align: 'right', hidden: true },
]
