// The columns of the list.
import type { Column } from '@/parts'
import { t } from '@/i18n'

export const columns = (): Column[] => [
  { key: 'raised', title: t('deliveries.raised'), line: 2 },
  { key: 'event', title: t('deliveries.event'), fixed: true, line: 1 },
  { key: 'object', title: t('deliveries.object'), line: 2 },
  { key: 'integration', title: t('deliveries.integration'), wide: true },
  { key: 'handler', title: t('deliveries.handler') },
  { key: 'state', title: t('deliveries.state'), fixed: true, line: 1 },
  { key: 'code', title: t('deliveries.code'), align: 'right' },
  { key: 'took', title: t('deliveries.took'), align: 'right', hidden: true },
  { key: 'attempts', title: t('deliveries.attempts'), align: 'right', hidden: true },
  { key: 'id', title: 'ID', align: 'right', hidden: true },
]
