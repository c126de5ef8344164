// What pages of files know without asking.
import type { Item } from './calls'

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** Bytes for people: 1.5 MB. */
export function sizeOf(bytes: number, language: string): string {
  const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** step
  return `${value.toLocaleString(language, { maximumFractionDigits: step === 0 || value >= 10 ? 0 : 1 })} ${UNITS[step]!}`
}

const IMAGES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', bmp: 'image/bmp' }
const TEXTS = ['txt', 'md', 'csv', 'tsv', 'json', 'xml', 'yaml', 'yml', 'toml', 'ini', 'log', 'sql', 'html', 'css', 'js', 'ts', 'py', 'php', 'rs', 'sh', 'svg']

/** Bytes that are looked at without downloading. */
export const PREVIEW = { image: 10 * 1024 * 1024, text: 256 * 1024 }

export const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase()

/** How a file can be looked at; nothing for those that are only downloaded. Pictures that can run something are texts. */
export function kindOf(item: Pick<Item, 'NAME' | 'SIZE'>): 'image' | 'text' | undefined {
  const [ending, size] = [endingOf(item.NAME), Number(item.SIZE)]
  if (ending in IMAGES) return size <= PREVIEW.image ? 'image' : undefined
  return TEXTS.includes(ending) ? 'text' : undefined
}

export const imageType = (name: string) => IMAGES[endingOf(name)] ?? 'application/octet-stream'

/** A link of the server's own, wherever people reach it. */
export function ownPath(url: string): string {
  const { pathname, search } = new URL(url, location.href)
  return pathname + search
}
