import type { ApiError } from '@/api'
import { t } from '@/i18n'

/** Whether somebody saved since the form was opened. */
export const isStale = (error: ApiError | undefined): boolean => error?.code === 'ERROR_CHANGED'

/** What went wrong, as a sentence for a person. */
export function sentence(error: ApiError): string {
  if (error.code === 'ERROR_NO_CONNECTION') return t('common.noConnection')
  if (error.status === 403) return error.message || t('common.forbidden')
  if (error.status === 404) return t('common.gone')
  return error.message || t('common.failed')
}
