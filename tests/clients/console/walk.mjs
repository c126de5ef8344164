// What several of the tests do at the console, and a handler of events to look into.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { Visitor, within } from './visitor.mjs'

/** Takes a one-time link without looking at its page: the portal is set up, or an invitation accepted. */
export async function accept(browser, link, who, options) {
  const visitor = await Visitor.open(browser, options)
  await visitor.go('/sign-in')
  await visitor.api('POST', '/api/welcome', { code: link.split('#welcome=')[1], ...who })
  await visitor.go('/devops/')
  return visitor
}

/** The administrator of a new portal with demo data. */
export const ADMIN = { email: 'berit@example.com', name: 'Berit', last_name: 'Holm', password: 'a longer one than that' }
export const setUp = (browser, link, options) => accept(browser, link, { ...ADMIN, demo: true }, options)

/** Calls a method of REST as the person who is signed in. */
export const rest = async (visitor, method, params = {}) => (await visitor.api('POST', `/api/call/${method}`, params)).result

/** A handler that keeps what it was sent. `answer` gives the status for the n-th request, `more` the text and headers of each. */
export class Handler {
  /** The forms that came, the oldest first. */
  forms = []
  /** The same with their headers, as they came. */
  requests = []
  #waiting = []

  static async start(answer = () => 200, { text = 'taken', headers = {} } = {}) {
    const handler = new Handler()
    handler.server = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      handler.requests.push({ headers: request.headers, body })
      handler.forms.push(new URLSearchParams(body))
      response.writeHead(answer(handler.forms.length, request.url), headers).end(text)
      handler.#waiting = handler.#waiting.filter(wait => !wait())
    })
    handler.server.listen(0, '127.0.0.1')
    await once(handler.server, 'listening')
    return handler
  }

  url(path = '/in') {
    return `http://127.0.0.1:${this.server.address().port}${path}`
  }

  /** Waits until so many have come. */
  async came(count) {
    if (this.forms.length >= count) return
    const came = new Promise(done => this.#waiting.push(() => this.forms.length >= count && (done(), true)))
    await within(() => `request ${count} at the handler, which has got ${this.forms.length}`, came)
  }

  stop() {
    this.server.close()
    this.server.closeAllConnections()
  }
}

/** Calls a method through a webhook from outside of the browser: status and answer. */
export async function call(hook, method, params = {}) {
  const asking = fetch(`${hook}${method}.json`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) })
  const answer = await within(`the answer of ${method}`, asking)
  return [answer.status, await answer.json()]
}

/** The editor that is open, and its secret, shown for as long as it is read. */
export const editor = page => page.getByRole('dialog').last()
export async function secretOf(panel, label) {
  const field = panel.getByRole('status', { name: label, exact: true })
  const buttons = field.locator('xpath=..')
  await buttons.getByRole('button', { name: 'Show' }).click()
  await field.filter({ hasNotText: /[*•]{8}/ }).waitFor()
  const text = (await field.textContent()).trim()
  await buttons.getByRole('button', { name: 'Hide' }).click()
  return text
}
