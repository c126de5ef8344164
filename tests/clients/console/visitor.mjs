// Somebody at the console, in Debian's Chromium. Whatever a page does that none may do is a fault: it asks another
// host, breaks the policy for its content, throws, gets a server error, or brings a secret into the address.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env, getuid } from 'node:process'

// The packages are installed in Cargo's target folder, not beside this file.
const installed = createRequire(join(env.CLIENTS, 'package.json'))
const { chromium } = installed('playwright-core')
export const AXE = installed('axe-core').source

/** The portal's URL, without a slash at its end. */
export const BASE = env.BASE

/** Widths that pages are looked at: a desk's and a phone's. */
export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** Runs `work` with a browser and ends it. The tests run as root in containers, where Chromium's sandbox cannot. */
export async function withBrowser(work) {
  const args = getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: env.CHROMIUM ?? '/usr/bin/chromium', args })
  try {
    await work(browser)
  } catch (error) {
    for (const visitor of present) console.error(`At ${visitor.page.url()}, faults: ${visitor.faults.join('; ') || 'none'}`)
    throw error
  } finally {
    await browser.close()
  }
}

/** Those who have not left yet. */
const present = new Set()

export class Visitor {
  /** What a page did that none may do. */
  faults = []
  /** Requests that are under way, but for the stream of deliveries, which never ends. */
  #pending = new Set()

  /** A window of its own: nobody is signed in. `theme` is `light` or `dark`. */
  static async open(browser, { size = SIZES.desk, theme = 'light', locale = 'en-GB', ...more } = {}) {
    const context = await browser.newContext({
      viewport: size, colorScheme: theme, locale, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ignoreHTTPSErrors: true, ...more
    })
    const visitor = new Visitor()
    visitor.context = context
    await context.exposeBinding('portreeveTestFault', (_, text) => visitor.faults.push(text))
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', event => globalThis.portreeveTestFault(`policy: ${event.violatedDirective} ${event.blockedURI} on ${location.pathname}`))
    })
    visitor.page = await visitor.window()
    present.add(visitor)
    return visitor
  }

  /** One more window of the same person. */
  async window() {
    const page = await this.context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('request', request => this.#asks(request))
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, request => this.#pending.delete(request))
    page.on('response', response => response.status() >= 500 && this.faults.push(`${response.status()} for ${response.url()}`))
    page.on('pageerror', error => this.faults.push(`${error} on ${page.url()}`))
    page.on('console', message => {
      // That a request was refused is said by the page itself.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.faults.push(`console: ${message.text()} on ${page.url()}`)
    })
    return page
  }

  #asks(request) {
    const url = request.url()
    if (!url.startsWith(`${BASE}/`) && !/^(data|blob):/.test(url)) this.faults.push(`asked ${url}`)
    if (request.isNavigationRequest() && /\/rest\/\d+\/[0-9a-z]{16}/.test(url)) this.faults.push(`a secret in the address: ${url}`)
    if (request.resourceType() !== 'eventsource') this.#pending.add(request)
  }

  /** Opens a page as by its address, and waits until it is whole. */
  async go(path) {
    await this.page.goto(`${BASE}${path}`)
    await this.settled()
  }

  /** Waits until nothing is under way: no request, nothing that moves, nothing that is still to be drawn. */
  async settled(page = this.page) {
    await page.locator('h1').first().waitFor()
    let quiet = false
    while (!quiet) {
      // An answer that has just arrived sets things in motion: they are to end after the quiet began.
      const was = await this.#isQuiet(page)
      await page.waitForLoadState('load')
      await page.evaluate(async () => {
        const moving = document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity)
        await Promise.allSettled(moving.map(one => one.finished))
        await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
      })
      quiet = was && await this.#isQuiet(page)
    }
  }

  async #isQuiet(page) {
    return this.#pending.size === 0 && await page.locator('[aria-busy="true"]').count() === 0
  }

  async signIn(email, password) {
    await this.go('/sign-in')
    await this.page.getByLabel('E-mail').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await this.page.getByRole('heading', { level: 1, name: 'Developer resources' }).waitFor()
    await this.settled()
    return this
  }

  /** Asks the interface from the page, as the page itself does; what it answers, which must be a success. */
  async api(method, path, body) {
    const [status, text] = await this.page.evaluate(async ([method, path, body]) => {
      const { token } = await (await fetch('/api/session')).json()
      const answer = await fetch(path, {
        method, headers: { 'content-type': 'application/json', ...(method !== 'GET' && { 'x-portreeve-token': token }) }, body: body && JSON.stringify(body)
      })
      return [answer.status, await answer.text()]
    }, [method, path, body])
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  /** Ends the visit, which must have been without faults. */
  async leave() {
    await this.context.close()
    present.delete(this)
    assert.deepEqual(this.faults, [])
  }
}
