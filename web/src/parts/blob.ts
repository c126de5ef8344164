/** A content as a `data:` URL: what it holds in base64, and the one way in which the policy of the pages lets them show it. */
export const dataUrl = (blob: Blob) => new Promise<string>((resolve, reject) => {
  const reader = new FileReader()
  reader.onload = () => resolve(String(reader.result))
  reader.onerror = () => reject(reader.error ?? new Error())
  reader.readAsDataURL(blob)
})
