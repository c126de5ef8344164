// The columns of the list; the first are those of the real product.
import type { Column } from '@/parts'
import { t } from '@/i18n'

export const columns = (): Column[] => [
  { key: 'id', title: t('integrations.id'), sortable: true },
  { key: 'user', title: t('integrations.user'), sortable: true, line: 2 },
  { key: 'title', title: t('integrations.name'), sortable: true, fixed: true, wide: true, line: 1 },
  { key: 'kind', title: t('integrations.kind'), hidden: true },
  { key: 'scopes', title: t('integrations.scope') },
  { key: 'events', title: t('integrations.events') },
  { key: 'state', title: t('integrations.state'), sortable: true, fixed: true, line: 1 },
  { key: 'last_used', title: t('integrations.last-used'), sortable: true, line: 2 },
  { key: 'calls_24h', title: t('integrations.calls'), align: 'right' },
  { key: 'errors_24h', title: t('integrations.errors'), align: 'right', hidden: true },
  { key: 'failed_24h', title: t('integrations.failed'), align: 'right' },
  { key: 'handler', title: t('integrations.handler'), hidden: true },
  { key: 'created', title: t('integrations.created'), sortable: true, hidden: true },
]
