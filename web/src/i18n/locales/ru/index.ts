import common from './common.json'
import shell from './shell.json'
import signIn from './sign-in.json'
import account from './account.json'
import company from './company.json'
import portal from './portal.json'
import scenarios from './scenarios.json'
import firstSteps from './first-steps.json'
import inHook from './in-hook.json'
import outHook from './out-hook.json'
import integrations from './integrations.json'
import calls from './calls.json'
import faults from './faults.json'
import deliveries from './deliveries.json'
import statistics from './statistics.json'
import crm from './crm.json'
import messages from './messages.json'
import tasks from './tasks.json'
import groups from './groups.json'
import catalog from './catalog.json'
import files from './files.json'
import lists from './lists.json'
import orders from './orders.json'
import feed from './feed.json'
import workflows from './workflows.json'
import calendar from './calendar.json'
import booking from './booking.json'
import openlines from './openlines.json'

export default {
  common,
  shell,
  'sign-in': signIn,
  account,
  company,
  portal,
  scenarios,
  'first-steps': firstSteps,
  'in-hook': inHook,
  'out-hook': outHook,
  integrations,
  calls,
  faults,
  deliveries,
  statistics,
  crm,
  messages,
  tasks,
  catalog,
  files,
  lists,
  groups,
  orders,
  feed,
  workflows,
  calendar,
  booking,
  openlines
}
