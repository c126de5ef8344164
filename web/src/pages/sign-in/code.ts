/** The code of a one-time link. Its address is forgotten, so that neither history nor a shared screen keeps it. */
export function takeCode(): string | undefined {
  const found = /^#welcome=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1]
  if (found) history.replaceState(history.state, '', location.pathname)
  return found
}
