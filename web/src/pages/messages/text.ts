// Texts of messages: tags in brackets as pieces, to be shown without ever making HTML of what somebody wrote.

export interface Piece { text: string, bold?: boolean, italic?: boolean, underlined?: boolean, struck?: boolean, href?: string, mention?: boolean }

type Style = Pick<Piece, 'bold' | 'italic' | 'underlined' | 'struck'>
const STYLES: Record<string, keyof Style> = { b: 'bold', i: 'italic', u: 'underlined', s: 'struck' }
const TAG = /\[(\/?)(b|i|u|s|url|user|chat|quote|br)(?:=([^\]\s]*))?\]/gi
const ADDRESS = /https?:\/\/[^\s[\]<>"]+[^\s[\]<>".,;:!?)]/g

/** The pieces of a text, in order. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  const style: Style = {}
  let link: { href?: string, mention?: boolean, bare?: boolean } | undefined
  let at = 0
  const put = (part: string) => {
    if (part === '') return
    if (link) found.push({ text: part, ...set(style), ...target(link, part) })
    else found.push(...linked(part, set(style)))
  }
  for (const tag of text.matchAll(TAG)) {
    put(text.slice(at, tag.index))
    at = tag.index + tag[0].length
    const [closes, name] = [tag[1] === '/', tag[2]!.toLowerCase()]
    const own = STYLES[name]
    if (own) style[own] = !closes
    else if (name === 'br' || name === 'quote') put('\n')
    else if (closes) link = undefined
    else link = name === 'url' ? { href: tag[3], bare: tag[3] === undefined } : { mention: true }
  }
  put(text.slice(at))
  return found
}

const set = (style: Style): Style => Object.fromEntries(Object.entries(style).filter(([, on]) => on))

function target(link: { href?: string, mention?: boolean, bare?: boolean }, text: string): Partial<Piece> {
  if (link.mention) return { mention: true }
  const href = safe(link.bare ? text : link.href)
  return href ? { href } : {}
}

/** An address that may be opened: of the web, of mail or of a phone. */
export function safe(address: string | undefined): string | undefined {
  return address && /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(address) ? address : undefined
}

/** Text in which addresses are links. */
function linked(text: string, style: Style): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const address of text.matchAll(ADDRESS)) {
    if (address.index > at) found.push({ text: text.slice(at, address.index), ...style })
    found.push({ text: address[0], href: address[0], ...style })
    at = address.index + address[0].length
  }
  if (at < text.length) found.push({ text: text.slice(at), ...style })
  return found
}
