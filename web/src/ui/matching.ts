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
