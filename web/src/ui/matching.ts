/** Rows whose label or description contains every word of a text, those first whose label begins with it. */
export function matching<R extends { label: string, description?: string }>(rows: R[], text: string): R[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  const whole = words.join(' ')
  const fits = (row: R) => {
    const all = `${row.label} ${row.description ?? ''}`.toLowerCase()
    return words.every(word => all.includes(word))
  }
  const rank = (row: R) => {
    const label = row.label.toLowerCase()
    return label.startsWith(whole) ? 0 : label.includes(whole) ? 1 : 2
  }
  return rows.filter(fits).map((row, index) => ({ row, index, rank: rank(row) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ row }) => row)
}

/** Rows under the names of their groups, each group once, in the order of their first rows; what has no group comes first. */
export function grouped<R extends { group?: string }>(rows: R[]): (R | { type: 'label', label: string })[][] {
  const groups = new Map<string | undefined, R[]>([[undefined, []]])
  for (const row of rows) {
    const group = groups.get(row.group)
    if (group) group.push(row)
    else groups.set(row.group, [row])
  }
  return [...groups].filter(([, group]) => group.length > 0).map(([label, group]) => (label === undefined ? group : [{ type: 'label' as const, label }, ...group]))
}
