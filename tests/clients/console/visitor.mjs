// Somebody at the console, in Debian's Chromium without its windows, which takes half as long. Whatever a page does that
// none may do is a fault: it asks another host, breaks the policy for its content, throws, gets a server error, or brings a
// secret into the address.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env, exit, getuid } from 'node:process'

// The packages are installed in Cargo's target folder, not beside this file.
const installed = createRequire(join(env.CLIENTS, 'package.json'))
const { chromium } = installed('playwright-core')
export const AXE = installed('axe-core').source

/** The portal's URL, without a slash at its end. */
export const BASE = env.BASE

/** Widths that pages are looked at: a desk's and a phone's. */
export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** Milliseconds that anything may take, and a whole walk: less than the test waits for it, so that it can say where it was. */
const PATIENCE = 20_000
const WHOLE = 1_700_000

/** What a promise gives; when that takes too long, an error says what was waited for. `what` is text, or gives it. */
export async function within(what, work, patience = PATIENCE) {
  let timer
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited ${patience / 1000} s for ${typeof what === 'function' ? what() : what}`)), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Asks again and again, until the answer is something; what was waited for is said when it takes too long. */
export async function until(what, ask) {
  const end = Date.now() + PATIENCE
  for (;;) {
    const found = await within(what, ask())
    if (found) return found
    assert.ok(Date.now() < end, `waited ${PATIENCE / 1000} s for ${what}`)
    // Others have their turn, a handler in this program among them.
    await new Promise(turn => setImmediate(turn))
  }
}

/** Runs `work` with a browser and ends it. The tests run as root in containers, where Chromium's sandbox cannot. */
export async function withBrowser(work) {
  const args = getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', args })
  const where = () => [...present].map(visitor => `at ${visitor.page.url()}, faults: ${visitor.faults.join('; ') || 'none'}`).join('\n')
  const limit = setTimeout(() => {
    console.error(`The walk takes longer than ${WHOLE / 1000} s: ${where()}`)
    exit(1)
  }, WHOLE)
  try {
    await work(browser)
  } catch (error) {
    console.error(where())
    // Where somebody wants to see it.
    if (env.PICTURES) for (const visitor of present) await within('a picture', visitor.page.screenshot({ path: join(env.PICTURES, `failed-${Date.now()}.png`) }))
    throw error
  } finally {
    await within('the browser to end', browser.close())
    clearTimeout(limit)
  }
}

/** Those who have not left yet. */
const present = new Set()

export class Visitor {
  /** What a page did that none may do. */
  faults = []
  /** Requests that are under way, by page, but for the stream of deliveries, which never ends. */
  #pending = new Map()

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
    page.setDefaultTimeout(PATIENCE)
    const pending = new Set()
    this.#pending.set(page, pending)
    // What was under way in a page that is closed never ends: nobody is told.
    page.on('close', () => this.#pending.delete(page))
    page.on('request', request => this.#asks(request, pending))
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, request => pending.delete(request))
    page.on('response', response => response.status() >= 500 && this.faults.push(`${response.status()} for ${response.url()}`))
    page.on('pageerror', error => this.faults.push(`${error} on ${page.url()}`))
    page.on('console', message => {
      // That a request was refused is said by the page itself.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.faults.push(`console: ${message.text()} on ${page.url()}`)
    })
    return page
  }

  #asks(request, pending) {
    const url = request.url()
    if (!url.startsWith(`${BASE}/`) && !/^(data|blob):/.test(url)) this.faults.push(`asked ${url}`)
    if (request.isNavigationRequest() && /\/rest\/\d+\/[0-9a-z]{16}/.test(url)) this.faults.push(`a secret in the address: ${url}`)
    if (request.resourceType() !== 'eventsource') pending.add(request)
  }

  /** Opens a page as by its address, and waits until it is whole. */
  async go(path) {
    await this.page.goto(`${BASE}${path}`)
    await this.settled()
  }

  /** From now on everything is seen on a phone, in the dark and, from the next page on, in Russian. */
  async onAPhone() {
    await this.page.setViewportSize(SIZES.phone)
    await this.page.emulateMedia({ colorScheme: 'dark' })
    await this.page.evaluate(() => localStorage.setItem('portreeve-language', 'ru'))
  }

  /** Goes on to a page by the router, as a link does: nothing is loaded anew. */
  async turn(path) {
    const arrived = this.page.evaluate(async path => {
      const { $router } = document.getElementById('app').__vue_app__.config.globalProperties
      await $router.push(path)
      return $router.currentRoute.value.fullPath === $router.resolve(path).fullPath
    }, path)
    assert.ok(await within(`the router to come to ${path}`, arrived), `the router did not come to ${path}`)
    await this.settled()
  }

  /** Waits until nothing is under way in a page: no request, nothing that moves, nothing that is still to be drawn. */
  async settled(page = this.page) {
    await page.locator('h1').first().waitFor()
    const end = Date.now() + PATIENCE
    let quiet = false
    while (!quiet) {
      // An answer that has just arrived sets things in motion: they are to end after the quiet began.
      const was = await this.#isQuiet(page)
      await page.waitForLoadState('load')
      await within(`what moves on ${page.url()} to end`, page.evaluate(still, PATIENCE / 2))
      quiet = was && await this.#isQuiet(page)
      assert.ok(quiet || Date.now() < end, `waited ${PATIENCE / 1000} s for ${page.url()} to settle; under way: ${await this.#underWay(page)}`)
    }
  }

  async #isQuiet(page) {
    const busy = await within(`whether ${page.url()} is busy`, page.locator('[aria-busy="true"]').count())
    return this.#requests(page).size === 0 && busy === 0
  }

  #requests(page) {
    return this.#pending.get(page) ?? new Set()
  }

  async #underWay(page) {
    const requests = [...this.#requests(page)].map(request => `${request.method()} ${request.url()}`)
    const busy = await page.locator('[aria-busy="true"]').evaluateAll(all => all.map(one => one.outerHTML.slice(0, 80)))
    return [...requests, ...busy].join(', ') || 'nothing now'
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
    const asking = this.page.evaluate(async ([method, path, body]) => {
      const { token } = await (await fetch('/api/session')).json()
      const answer = await fetch(path, {
        method, headers: { 'content-type': 'application/json', ...(method !== 'GET' && { 'x-portreeve-token': token }) }, body: body && JSON.stringify(body)
      })
      return [answer.status, await answer.text()]
    }, [method, path, body])
    const [status, text] = await within(`the answer to ${method} ${path}`, asking)
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  /** Ends the visit, which must have been without faults. */
  async leave() {
    await within('the window to close', this.context.close())
    present.delete(this)
    assert.deepEqual(this.faults, [])
  }
}

/** In the page: waits until nothing moves and everything is drawn; names what still moves after so many milliseconds. */
async function still(patience) {
  const names = all => all.map(one => `${one.animationName ?? one.transitionProperty ?? 'animation'} of ${one.effect?.target?.outerHTML.slice(0, 80)}`).join(', ')
  let timer
  const late = what => new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what()} does not end`)), patience) })
  const moving = document.getAnimations().filter(one => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity)
  try {
    await Promise.race([Promise.allSettled(moving.map(one => one.finished)), late(() => names(moving))])
    clearTimeout(timer)
    // A page that nobody sees is not drawn.
    if (document.hidden) return
    await Promise.race([new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))), late(() => 'a drawing')])
  } finally {
    clearTimeout(timer)
  }
}
