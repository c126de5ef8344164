import type { Tab } from '@/ui'
import { t } from '@/i18n'

/** The tabs that the pages of open channels share. */
export const linesTabs = (): Tab[] => [
  { value: 'lines', label: t('openlines.lines'), to: '/contact_center/' },
  { value: 'dialogs', label: t('openlines.dialogs'), to: '/contact_center/dialogs/' }
]
