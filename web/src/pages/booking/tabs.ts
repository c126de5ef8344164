import type { Tab } from '@/ui'
import { t } from '@/i18n'

/** The tabs that the pages of bookings share. */
export const bookingTabs = (): Tab[] => [
  { value: 'schedule', label: t('booking.schedule'), to: '/booking/' },
  { value: 'list', label: t('booking.bookings'), to: '/booking/list/' },
  { value: 'waiting', label: t('booking.waiting'), to: '/booking/waitlist/' },
  { value: 'resources', label: t('booking.resources'), to: '/booking/resources/' }
]
