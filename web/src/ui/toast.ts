// Toasts tell that something was done. What went wrong is said where it went wrong, not here.
import { useToast } from '@bitrix24/b24ui-nuxt/composables/useToast'

/** Something that can be taken back for a while. */
export interface Undo { label: string, run: () => void }

/** Says for a few seconds that something was done; with `undo` for eight, and with a button. */
export function done(title: string, undo?: Undo) {
  useToast().add({
    title,
    color: 'air-primary-success',
    ...(undo && { duration: 8000, actions: [{ label: undo.label, onClick: undo.run }] })
  })
}
