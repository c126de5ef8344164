// The two pages of workflows.
import type { Tab } from '@/ui'
import { t } from '@/i18n'

export const tabs = (): Tab[] => [
  { value: 'instances', label: t('workflows.instances'), to: '/bizproc/' },
  { value: 'templates', label: t('workflows.templates'), to: '/bizproc/templates/' }
]
