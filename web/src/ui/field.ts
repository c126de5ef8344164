// What a Field tells the control inside it.
import { inject, provide, type InjectionKey } from 'vue'

export interface FieldContext {
  /** The id that the label points at. */
  readonly id: string
  readonly label: string
  /** The ids of help and error. */
  readonly describedBy: string | undefined
  readonly error: string | undefined
}

const KEY: InjectionKey<FieldContext> = Symbol('field')

export const provideField = (field: FieldContext) => provide(KEY, field)
export const useField = () => inject(KEY, undefined)
