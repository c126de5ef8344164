import type { Call } from '../../api/calls'

/** Whether a call or a part of it failed: a batch whose commands failed in part has the status of success. */
export const isBad = (call: Pick<Call, 'error' | 'failed'>) => call.error !== null || call.failed !== null
