/** A file of people's as rows of texts, whatever program wrote it. */

import Papa from 'papaparse'

export interface Table {
  headers: string[]
  rows: string[][]
}

/** The text of a file: UTF-8 and UTF-16 by their marks, else UTF-8 if it is that, else Windows-1251 as Excel writes it. */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1251').decode(bytes)
  }
}

/** What may stand between cells. */
const DELIMITERS = [',', ';', '\t']

/** Rows without those that are empty. The delimiter is the one that parts the headings into most. */
export function parse(text: string): Table {
  const cells = (delimiter: string, preview?: number) => Papa.parse<string[]>(text, { delimiter, preview, skipEmptyLines: 'greedy' }).data
  const parts = DELIMITERS.map(delimiter => cells(delimiter, 1)[0]?.length ?? 0)
  const delimiter = DELIMITERS[parts.indexOf(Math.max(...parts))]!
  const [headers = [], ...rows] = cells(delimiter).map(row => row.map(bare))
  return { headers: headers.map(header => header.trim()), rows: rows.map(row => headers.map((_, at) => row[at] ?? '')) }
}

/** Without the apostrophe that keeps a spreadsheet from running a text as a formula. */
const bare = (cell: string) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
