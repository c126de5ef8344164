import { asked } from '@/parts/confirm'
import { lettersOn, typing } from '@/shell/keys'

/** The letter that was pressed for the slider: none while somebody types or is asked something. */
export function letterKey(event: KeyboardEvent): string | undefined {
  const held = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
  return held || !lettersOn.value || typing(event.target) || asked.value !== undefined ? undefined : event.key
}
