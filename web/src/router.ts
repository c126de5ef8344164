// All addresses. They are those of the real product, so that links in guides and messages open here too.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { loadSession, user } from './api/session'
import { mayLose } from './parts/unsaved'

declare module 'vue-router' {
  interface RouteMeta {
    /** Stands alone, without the frame, and needs nobody signed in. */
    bare?: boolean
    /** Only administrators. */
    admin?: boolean
    /** Opens as a slider over the page it was opened from, or over this one. */
    over?: string
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/devops/' },
  { path: '/sign-in', component: () => import('./pages/sign-in/SignIn.vue'), meta: { bare: true } },
  { path: '/account/', component: () => import('./pages/account/Account.vue') },

  { path: '/devops/', component: () => import('./pages/scenarios/Sections.vue') },
  { path: '/devops/section/:code/', component: () => import('./pages/scenarios/Section.vue') },
  { path: '/devops/list/', component: () => import('./pages/integrations/Integrations.vue') },
  { path: '/devops/edit/in-hook/:id(\\d+)/', component: () => import('./pages/in-hook/InHook.vue'), meta: { over: '/devops/list/' } },
  { path: '/devops/edit/out-hook/:id(\\d+)/', component: () => import('./pages/out-hook/OutHook.vue'), meta: { over: '/devops/list/' } },
  { path: '/devops/statistic/', component: () => import('./pages/statistics/Statistics.vue') },
  { path: '/devops/calls/', component: () => import('./pages/calls/Calls.vue') },
  { path: '/devops/calls/:id(\\d+)/', component: () => import('./pages/calls/CallView.vue'), meta: { over: '/devops/calls/' } },
  { path: '/devops/faults/', component: () => import('./pages/faults/Faults.vue'), meta: { admin: true } },
  { path: '/devops/deliveries/', component: () => import('./pages/deliveries/Deliveries.vue') },
  { path: '/devops/deliveries/:id(\\d+)/', component: () => import('./pages/deliveries/Delivery.vue'), meta: { over: '/devops/deliveries/' } },

  { path: '/tasks/', component: () => import('./pages/tasks/Tasks.vue') },
  { path: '/tasks/board/', component: () => import('./pages/tasks/Board.vue') },
  { path: '/tasks/task/view/:id(\\d+)/', component: () => import('./pages/tasks/TaskView.vue'), meta: { over: '/tasks/' } },
  { path: '/company/personal/user/:user(\\d+)/tasks/', redirect: '/tasks/' },
  { path: '/company/personal/user/:user(\\d+)/tasks/task/view/:id(\\d+)/', redirect: to => `/tasks/task/view/${String(to.params.id)}/` },
  { path: '/workgroups/', component: () => import('./pages/groups/Groups.vue') },
  { path: '/workgroups/group/:id(\\d+)/', component: () => import('./pages/groups/GroupView.vue'), meta: { over: '/workgroups/' } },
  { path: '/calendar/', component: () => import('./pages/calendar/Calendar.vue') },
  { path: '/calendar/event/:id(\\d+)/', component: () => import('./pages/calendar/EventView.vue'), meta: { over: '/calendar/' } },
  { path: '/company/personal/user/:user(\\d+)/calendar/', redirect: '/calendar/' },
  { path: '/booking/', component: () => import('./pages/booking/Schedule.vue') },
  { path: '/booking/list/', component: () => import('./pages/booking/Bookings.vue') },
  { path: '/booking/detail/:id(\\d+)/', component: () => import('./pages/booking/BookingView.vue'), meta: { over: '/booking/' } },
  { path: '/booking/waitlist/', component: () => import('./pages/booking/WaitingList.vue') },
  { path: '/booking/waitlist/detail/:id(\\d+)/', component: () => import('./pages/booking/WaitingView.vue'), meta: { over: '/booking/waitlist/' } },
  { path: '/booking/resources/', component: () => import('./pages/booking/Resources.vue') },
  { path: '/booking/resources/detail/:id(\\d+)/', component: () => import('./pages/booking/ResourceView.vue'), meta: { over: '/booking/resources/' } },
  { path: '/contact_center/', component: () => import('./pages/openlines/Lines.vue') },
  { path: '/contact_center/lines/:id(\\d+)/', component: () => import('./pages/openlines/LineView.vue'), meta: { over: '/contact_center/' } },
  { path: '/contact_center/dialogs/', component: () => import('./pages/openlines/Dialogs.vue') },
  { path: '/docs/', component: () => import('./pages/files/Files.vue') },
  { path: '/docs/file/:id(\\d+)/', component: () => import('./pages/files/FileView.vue'), meta: { over: '/docs/' } },
  { path: '/lists/', component: () => import('./pages/lists/Lists.vue') },
  { path: '/lists/:list(\\d+)/', component: () => import('./pages/lists/Elements.vue') },
  { path: '/lists/:list(\\d+)/element/:id(\\d+)/', component: () => import('./pages/lists/Element.vue'), meta: { over: '/lists/:list/' } },
  { path: '/stream/', component: () => import('./pages/feed/Feed.vue') },
  { path: '/stream/post/:id(\\d+)/', component: () => import('./pages/feed/PostView.vue'), meta: { over: '/stream/' } },
  { path: '/company/personal/user/:user(\\d+)/blog/:id(\\d+)/', redirect: to => `/stream/post/${String(to.params.id)}/` },
  { path: '/bizproc/', component: () => import('./pages/workflows/Workflows.vue'), meta: { admin: true } },
  { path: '/bizproc/workflow/:id(\\d+)/', component: () => import('./pages/workflows/InstanceView.vue'), meta: { over: '/bizproc/', admin: true } },
  { path: '/bizproc/templates/', component: () => import('./pages/workflows/Templates.vue'), meta: { admin: true } },
  { path: '/bizproc/templates/:id(\\d+)/', component: () => import('./pages/workflows/TemplateView.vue'), meta: { over: '/bizproc/templates/', admin: true } },
  { path: '/online/', component: () => import('./pages/messages/Messages.vue') },

  { path: '/company/', component: () => import('./pages/company/Users.vue') },
  { path: '/company/personal/user/:id(\\d+)/', component: () => import('./pages/company/User.vue'), meta: { over: '/company/' } },
  { path: '/company/structure/', component: () => import('./pages/company/Structure.vue') },
  { path: '/company/roles/', component: () => import('./pages/company/Roles.vue'), meta: { admin: true } },

  // Which kinds there are is what the server says; those without a name of their own have a number.
  { path: '/crm/type/:number(\\d+)/list/', component: () => import('./pages/crm/Records.vue') },
  { path: '/crm/type/:number(\\d+)/details/:id(\\d+)/', component: () => import('./pages/crm/Record.vue'), meta: { over: '/crm/type/:number/list/' } },
  { path: '/crm/type/:number(\\d+)/import/', component: () => import('./pages/crm/import/Import.vue'), meta: { over: '/crm/type/:number/list/' } },
  { path: '/crm/:type([a-z_]+)/import/', component: () => import('./pages/crm/import/Import.vue'), meta: { over: '/crm/:type/list/' } },
  { path: '/crm/:type([a-z_]+)/list/', component: () => import('./pages/crm/Records.vue') },
  { path: '/crm/:type([a-z_]+)/details/:id(\\d+)/', component: () => import('./pages/crm/Record.vue'), meta: { over: '/crm/:type/list/' } },

  { path: '/shop/catalog/', component: () => import('./pages/catalog/Products.vue') },
  { path: '/shop/catalog/product/:id(\\d+)/', component: () => import('./pages/catalog/ProductView.vue'), meta: { over: '/shop/catalog/' } },
  { path: '/shop/orders/', component: () => import('./pages/orders/Orders.vue'), meta: { admin: true } },
  { path: '/shop/orders/details/:id(\\d+)/', component: () => import('./pages/orders/OrderView.vue'), meta: { over: '/shop/orders/', admin: true } },
  { path: '/shop/documents/', component: () => import('./pages/catalog/Documents.vue') },
  { path: '/shop/documents/details/:id(\\d+)/', component: () => import('./pages/catalog/DocumentView.vue'), meta: { over: '/shop/documents/' } },

  { path: '/portal/', component: () => import('./pages/portal/Portal.vue'), meta: { admin: true } },
  { path: '/portal/audit/', component: () => import('./pages/portal/Audit.vue'), meta: { admin: true } },

  { path: '/:nothing(.*)*', component: () => import('./pages/Nowhere.vue') }
]

// `/devops/list` and `/devops/list/` are the same page.
export const router = createRouter({ history: createWebHistory('/'), routes, strict: false })

router.beforeEach(async to => {
  if (!await mayLose(to)) return false
  await loadSession().catch(() => undefined)
  if (user.value || to.meta.bare) return true
  return { path: '/sign-in', query: to.fullPath === '/devops/' ? {} : { next: to.fullPath } }
})
