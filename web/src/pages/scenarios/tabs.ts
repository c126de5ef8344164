import type { Tab } from '@/ui'
import { t } from '@/i18n'

/** The tabs of "Developer resources". */
export const tabs = (): Tab[] => [
  { value: 'scenarios', label: t('shell.nav.scenarios'), to: '/devops/' },
  { value: 'integrations', label: t('shell.nav.integrations'), to: '/devops/list/' },
  { value: 'statistics', label: t('shell.nav.statistics'), to: '/devops/statistic/' },
  { value: 'deliveries', label: t('shell.nav.deliveries'), to: '/devops/deliveries/' }
]
