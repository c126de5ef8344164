// The tabs above the pages of "Developer resources".
import type { Tab } from '@/ui'
import { isAdmin } from '@/api'
import { t } from '@/i18n'

export const developerTabs = (): Tab[] => [
  { value: 'scenarios', label: t('shell.nav.scenarios'), to: '/devops/' },
  { value: 'integrations', label: t('shell.nav.integrations'), to: '/devops/list/' },
  { value: 'calls', label: t('shell.nav.calls'), to: '/devops/calls/' },
  { value: 'deliveries', label: t('shell.nav.deliveries'), to: '/devops/deliveries/' },
  ...(isAdmin.value ? [{ value: 'faults', label: t('shell.nav.faults'), to: '/devops/faults/' }] : []),
  { value: 'statistics', label: t('shell.nav.statistics'), to: '/devops/statistic/' },
]
