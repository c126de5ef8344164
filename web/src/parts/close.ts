import { inject, type InjectionKey } from 'vue'

/** How a slider goes back to the page beneath it; the frame provides it. */
export const CLOSE: InjectionKey<() => Promise<void>> = Symbol('close')

export function useClose(): () => Promise<void> {
  const close = inject(CLOSE)
  if (!close) throw new Error('a slider lives in the frame')
  return close
}
