/** Copies a text; where the page is not served over https, by the old way. `false` when there was nothing to copy. */
export async function copyText(source: string | (() => string | Promise<string>)): Promise<boolean> {
  const text = typeof source === 'string' ? source : await source()
  if (!text) return false
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text)
    return true
  }
  const area = Object.assign(document.createElement('textarea'), { value: text })
  const opener = document.activeElement
  ;(opener?.closest('[role=dialog]') ?? document.body).append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (opener instanceof HTMLElement) opener.focus()
  return copied
}
