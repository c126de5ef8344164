// A question that stops everything until it is answered: `if (await confirm({…})) …`.
import { shallowRef } from 'vue'

export interface Question {
  title: string
  /** What will happen, in plain words. Blank lines part paragraphs. */
  text?: string
  /** What the button that does it says. */
  yes: string
  no?: string
  danger?: boolean
  /** Shown to be copied. */
  copy?: string
  /** Nothing to choose: one button. */
  single?: boolean
  /** Must be typed before the button works. */
  type?: string
}

export const asked = shallowRef<Question & { answer: (yes: boolean) => void }>()

export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise(resolve => {
    asked.value = {
      ...question,
      answer: yes => {
        asked.value = undefined
        resolve(yes)
      }
    }
  })
}
