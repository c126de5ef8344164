// The pages that the sidebar, the palette and the keys lead to.
import { icons, type Icon } from '@/ui'
import type { Key } from '@/i18n'

export interface PageLink { to: string, title: Key, icon: Icon, key?: string, admin?: boolean, also?: string[] }

export const DEVELOPER: PageLink[] = [
  { to: '/devops/', title: 'shell.nav.scenarios', icon: icons.developer, key: 'u', also: ['/devops/section/'] },
  { to: '/devops/list/', title: 'shell.nav.integrations', icon: icons.integrations, key: 'i', also: ['/devops/edit/'] },
  { to: '/devops/calls/', title: 'shell.nav.calls', icon: icons.inbound, key: 'r' },
  { to: '/devops/deliveries/', title: 'shell.nav.deliveries', icon: icons.deliveries, key: 'd' },
  { to: '/devops/faults/', title: 'shell.nav.faults', icon: icons.warning, admin: true },
  { to: '/devops/statistic/', title: 'shell.nav.statistics', icon: icons.statistics, key: 's' }
]

export const DATA: PageLink[] = [
  { to: '/tasks/', title: 'shell.nav.tasks', icon: icons.tasks, key: 't' },
  { to: '/workgroups/', title: 'shell.nav.groups', icon: icons.groups, key: 'w' },
  { to: '/stream/', title: 'shell.nav.feed', icon: icons.feed, key: 'e' },
  { to: '/calendar/', title: 'shell.nav.calendar', icon: icons.calendar, key: 'a' },
  { to: '/booking/', title: 'shell.nav.booking', icon: icons.booking, key: 'b' },
  { to: '/online/', title: 'shell.nav.messages', icon: icons.messages, key: 'm' },
  { to: '/contact_center/', title: 'shell.nav.openlines', icon: icons.lines, key: 'o' },
  { to: '/docs/', title: 'shell.nav.files', icon: icons.folder, key: 'f' },
  { to: '/lists/', title: 'shell.nav.lists', icon: icons.columns, key: 'l' },
  { to: '/crm/lead/list/', title: 'shell.nav.crm', icon: icons.crm, key: 'c', also: ['/crm/'] },
  { to: '/shop/orders/', title: 'shell.nav.orders', icon: icons.orders, admin: true },
  { to: '/shop/catalog/', title: 'shell.nav.products', icon: icons.products },
  { to: '/shop/documents/', title: 'shell.nav.stock', icon: icons.importExport },
  { to: '/bizproc/', title: 'shell.nav.workflows', icon: icons.workflows, admin: true },
  { to: '/company/', title: 'shell.nav.company', icon: icons.users, key: 'p', also: ['/company/personal/'] },
  { to: '/company/structure/', title: 'shell.nav.structure', icon: icons.structure },
  { to: '/company/roles/', title: 'shell.nav.roles', icon: icons.roles, admin: true }
]

export const PORTAL: PageLink[] = [
  { to: '/portal/', title: 'shell.nav.portal', icon: icons.portal, admin: true },
  { to: '/portal/audit/', title: 'shell.nav.audit', icon: icons.audit, admin: true }
]

export const ALL: PageLink[] = [...DEVELOPER, ...DATA, ...PORTAL]

/** Whether a path belongs to a link: the page itself, or one beneath it that has no link of its own. */
export function isAt(link: PageLink, path: string): boolean {
  return path === link.to || (link.also ?? []).some(start => path.startsWith(start)) || (path.startsWith(link.to) && !ALL.some(other => other !== link && other.to.length > link.to.length && path.startsWith(other.to)) && link.to !== '/devops/' && link.to !== '/company/')
}
