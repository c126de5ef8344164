/** As a dialog opens: the first field, not the first button, whose tooltip would open. Without a field the dialog itself. */
export function focusField(event: Event) {
  const dialog = event.target as HTMLElement
  const first = dialog.querySelector<HTMLElement>('[data-autofocus], input:not([disabled], [type=checkbox], .hidden), textarea:not([disabled]), nav a')
  event.preventDefault()
  ;(first ?? dialog).focus()
}
