// Source addresses that a webhook may be called from: one address or network to a line.

const PART = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${PART}(\\.${PART}){3}$`)

export function list(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

/** The entries that are neither an address nor a network. */
export function wrong(text: string): string[] {
  return list(text).filter(entry => !isNetwork(entry))
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/')
  if (more.length) return false
  const most = IPV4.test(address) ? 32 : isIpv6(address) ? 128 : undefined
  if (most === undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
}

function isIpv6(address: string): boolean {
  if (!address.includes(':')) return false
  try {
    return new URL(`http://[${address}]/`).hostname !== ''
  } catch {
    return false
  }
}
