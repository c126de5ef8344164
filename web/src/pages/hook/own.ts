import { session, user } from '@/api'

/** The address of a webhook of this person's, its secret hidden. */
export const hiddenUrl = () => `${session.value?.portal.base_url ?? location.origin}/rest/${user.value?.id ?? 0}/****************/`
