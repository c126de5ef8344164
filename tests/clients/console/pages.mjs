// Every page of the console, by name and address. `{in}` and so on stand for what `fill` made.

const PAGES = [
  { name: 'scenarios', path: '/devops/' },
  { name: 'section', path: '/devops/section/external/' },
  { name: 'integrations', path: '/devops/list/' },
  { name: 'inbound-new', path: '/devops/edit/in-hook/0/?scenario=lead-add' },
  { name: 'inbound', path: '/devops/edit/in-hook/{in}/' },
  { name: 'inbound-of-another', path: '/devops/edit/in-hook/{foreign}/' },
  { name: 'outbound-new', path: '/devops/edit/out-hook/0/' },
  { name: 'outbound', path: '/devops/edit/out-hook/{out}/' },
  { name: 'deliveries', path: '/devops/deliveries/' },
  { name: 'delivery', path: '/devops/deliveries/{delivery}/' },
  { name: 'statistics', path: '/devops/statistic/' },
  { name: 'users', path: '/company/' },
  { name: 'user', path: '/company/personal/user/{user}/' },
  { name: 'structure', path: '/company/structure/' },
  { name: 'department', path: '/company/structure/?department=2' },
  { name: 'department-new', path: '/company/structure/?department=new&above=2' },
  { name: 'roles', path: '/company/roles/' },
  { name: 'leads', path: '/crm/lead/list/' },
  { name: 'lead', path: '/crm/lead/details/1/' },
  { name: 'lead-new', path: '/crm/lead/details/0/' },
  { name: 'deals', path: '/crm/deal/list/' },
  { name: 'deal', path: '/crm/deal/details/1/' },
  { name: 'contacts', path: '/crm/contact/list/' },
  { name: 'contact', path: '/crm/contact/details/1/' },
  { name: 'companies', path: '/crm/company/list/' },
  { name: 'company', path: '/crm/company/details/1/' },
  { name: 'import', path: '/crm/contact/import/' },
  { name: 'tasks', path: '/tasks/' },
  { name: 'task', path: '/tasks/task/view/1/' },
  { name: 'task-new', path: '/tasks/task/view/0/' },
  { name: 'board', path: '/tasks/board/?group=1' },
  { name: 'plan', path: '/tasks/board/' },
  { name: 'groups', path: '/workgroups/' },
  { name: 'group', path: '/workgroups/group/1/' },
  { name: 'group-new', path: '/workgroups/group/0/' },
  { name: 'calendar', path: '/calendar/' },
  { name: 'calendar-week', path: '/calendar/?view=week' },
  { name: 'event', path: '/calendar/event/1/' },
  { name: 'event-new', path: '/calendar/event/0/' },
  { name: 'catalog', path: '/shop/catalog/' },
  { name: 'catalog-product', path: '/shop/catalog/product/1/' },
  { name: 'catalog-product-new', path: '/shop/catalog/product/0/' },
  { name: 'orders', path: '/shop/orders/' },
  { name: 'order', path: '/shop/orders/details/1/' },
  { name: 'order-new', path: '/shop/orders/details/0/' },
  { name: 'stock', path: '/shop/documents/' },
  { name: 'stock-document', path: '/shop/documents/details/2/' },
  { name: 'stock-document-new', path: '/shop/documents/details/0/' },
  { name: 'files', path: '/docs/' },
  { name: 'list', path: '/lists/1/' },
  { name: 'feed', path: '/stream/' },
  { name: 'feed-post', path: '/stream/post/1/' },
  { name: 'feed-new', path: '/stream/post/0/' },
  { name: 'workflows', path: '/bizproc/' },
  { name: 'workflow', path: '/bizproc/workflow/1/' },
  { name: 'workflow-templates', path: '/bizproc/templates/' },
  { name: 'workflow-template', path: '/bizproc/templates/1/' },
  { name: 'messages', path: '/online/' },
  { name: 'chat', path: '/online/?IM_DIALOG=chat3' },
  { name: 'notifications', path: '/online/?IM_DIALOG=notifications' },
  { name: 'settings', path: '/portal/' },
  { name: 'audit', path: '/portal/audit/' },
  { name: 'account', path: '/account/' },
  { name: 'nowhere', path: '/devops/nothing/here/' }
]

/** What is on top of a page: its name, where it opens, and what opens it. */
export const LAYERS = [
  { name: 'palette', path: '/devops/list/', open: page => page.keyboard.press('Control+k') },
  { name: 'keys', path: '/devops/list/', open: page => page.keyboard.press('?') },
  { name: 'row-menu', path: '/devops/list/', open: page => page.getByRole('button', { name: /^Actions for/ }).first().click() },
  { name: 'new-url', path: '/devops/edit/in-hook/{in}/', open: page => page.getByRole('button', { name: 'Generate new' }).click() },
  { name: 'deliveries-ticked', path: '/devops/deliveries/?state=failed', open: page => page.getByRole('checkbox').last().check() },
  { name: 'forward', path: '/devops/deliveries/{delivery}/', open: page => page.getByRole('button', { name: 'Send to another address' }).click() },
  { name: 'answer', path: '/devops/deliveries/{delivery}/', open: async page => {
    await page.getByRole('tab', { name: 'Answer' }).click()
    await page.getByText(/\d+ headers?/).click()
  } },
  { name: 'resume', path: '/devops/edit/out-hook/{paused}/', open: page => page.getByRole('button', { name: 'Resume…' }).click() },
  { name: 'products', path: '/crm/deal/details/1/', open: page => page.getByRole('tab', { name: 'Products' }).click() },
  { name: 'requisites', path: '/crm/company/details/1/', open: page => page.getByRole('tab', { name: 'Requisites' }).click() },
  { name: 'requisites-used', path: '/crm/deal/details/1/', open: page => page.getByRole('tab', { name: 'Requisites' }).click() },
  { name: 'timeline', path: '/crm/deal/details/1/', open: page => page.getByRole('tab', { name: 'Timeline' }).click() },
  { name: 'settings-mail', path: '/portal/', open: page => page.getByRole('button', { name: /^E-mail/ }).click() },
  { name: 'methods', path: '/devops/edit/in-hook/{in}/', open: page => page.getByRole('button', { name: /^Method/ }).click() }
]

/** The pages with the numbers of what is there. */
export function pages(made, of = PAGES) {
  return of.map(page => ({ ...page, path: page.path.replace(/{(\w+)}/g, (_, name) => made[name]) }))
}
