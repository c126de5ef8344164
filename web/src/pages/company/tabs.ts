import type { Tab } from '@/ui'
import { isAdmin } from '@/api'
import { t } from '@/i18n'

/** The tabs that the company's pages share. */
export const companyTabs = (): Tab[] => [
  { value: 'users', label: t('company.users'), to: '/company/' },
  { value: 'structure', label: t('company.structure'), to: '/company/structure/' },
  ...(isAdmin.value ? [{ value: 'roles', label: t('shell.nav.roles'), to: '/company/roles/' }] : [])
]
