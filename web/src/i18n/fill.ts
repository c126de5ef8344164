/** A text, or its forms by number. */
export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>
export type Texts = Record<string, Text>

/** Chooses the form for `n` and fills the holes; numbers are written as the language does. */
export function fill(text: Text, params: Record<string, string | number>, language: string): string {
  const form = typeof text === 'string' ? text : text[new Intl.PluralRules(language).select(Number(params.n ?? 0))] ?? text.other ?? ''
  return form.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name]
    return value === undefined ? hole : typeof value === 'number' ? value.toLocaleString(language) : value
  })
}
