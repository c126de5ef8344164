// What the palette finds: pages, records by number, integrations, methods.
import { api, kinds, onceInLanguage, recordPath } from '@/api'
import { icons, matching, type Icon } from '@/ui'
import { t } from '@/i18n'
import { isAdmin } from '@/api'
import { ALL } from './pages'

export interface Found { label: string, about: string, to: string, icon: Icon }

const MOST = 8

function pages(text: string): Found[] {
  const rows = ALL.filter(link => !link.admin || isAdmin.value)
    .map(link => ({ label: t(link.title), about: t('shell.palettePage'), to: link.to, icon: link.icon }))
  return matching(rows, text)
}

/** `42`, `deal 42`, `сделка 42` */
export function records(text: string): Found[] {
  const parts = /^(\S*?)\s*#?(\d+)$/.exec(text.trim())
  if (!parts) return []
  const [, word = '', id] = parts
  return kinds.value.filter(kind => [kind.code, kind.title.toLowerCase()].some(name => name.startsWith(word.toLowerCase())))
    .map(kind => ({ label: `${kind.title} ${id}`, about: t('shell.paletteRecord'), to: recordPath(kind, id!), icon: icons.crm }))
}

interface IntegrationRow { id: number, kind: 'in' | 'out' | 'both', title: string }

async function integrations(search: string, signal: AbortSignal): Promise<Found[]> {
  const found = await api.get<{ integrations: IntegrationRow[] }>('/api/integrations', { search, size: MOST }, signal)
  return found.integrations.map(one => ({
    label: one.title, about: `${t('shell.paletteIntegration')} ${one.id}`, icon: icons.integrations,
    to: `/devops/edit/${one.kind === 'out' ? 'out-hook' : 'in-hook'}/${one.id}/`
  }))
}

const names = onceInLanguage(async () => {
  const found = await api.get<{ methods: { method: string, about: string }[] }>('/api/catalogue')
  return found.methods.map(one => ({ label: one.method, description: one.about }))
})

async function methods(text: string): Promise<Found[]> {
  return matching(await names(), text).slice(0, MOST)
    .map(one => ({ label: one.label, about: one.description, to: `/devops/edit/in-hook/0/?method=${one.label}`, icon: icons.code }))
}

/** Those first that are called so; the others only say it somewhere. */
export function byName<F extends { label: string }>(found: F[], text: string): F[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const called = (one: F) => words.every(word => one.label.toLowerCase().includes(word))
  return [...found.filter(called), ...found.filter(one => !called(one))]
}

/** What is known at once; the rest comes with `searchServer`. */
export const searchHere = (text: string): Found[] => [...records(text), ...pages(text)]

export async function searchServer(text: string, signal: AbortSignal): Promise<Found[]> {
  if (text.trim().length < 2) return []
  const parts = await Promise.allSettled([integrations(text.trim(), signal), methods(text)])
  return byName(parts.flatMap(part => part.status === 'fulfilled' ? part.value : []), text)
}
