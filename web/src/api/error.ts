/** Why a request got nothing: what the server said, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The machine's word for it: `ERROR_ARGUMENT`, `ACCESS_DENIED`, … */
    readonly code: string,
    message: string,
    /** The field at fault, where one is. */
    readonly argument?: string,
    /** Seconds to wait before the next try, where the server said so. */
    readonly retryAfter?: number,
    /** The network that would have to be allowed, where a handler was refused for its address. */
    readonly network?: string
  ) {
    super(message)
  }
}

/** The error of a field, for a Field's `error`. */
export const fieldError = (error: unknown, name: string): string | undefined =>
  error instanceof ApiError && error.argument === name ? error.message : undefined

/** Any failure as an ApiError, so that it can be shown. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'ERROR_CONSOLE', error instanceof Error ? error.message : String(error))
}
