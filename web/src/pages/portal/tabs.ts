import type { Tab } from '@/ui'
import { t } from '@/i18n'

export const portalTabs = (): Tab[] => [
  { value: 'settings', label: t('shell.nav.portal'), to: '/portal/' },
  { value: 'audit', label: t('shell.nav.audit'), to: '/portal/audit/' }
]
