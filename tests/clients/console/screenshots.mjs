// Pictures of every page, at both widths and in both themes, of a portal with something on it.
//
// PROGRAM is the server, FOLDER where the pictures go. Prints the path of each.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { env } from 'node:process'

/** Runs `work` with the link of a new server, and stops the server. */
async function withPortal(work) {
  const data = await mkdtemp(join(tmpdir(), 'portreeve-pictures-'))
  const words = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--tls', 'off', '--allow-handlers', '127.0.0.1', '--log', 'error']
  const server = spawn(env.PROGRAM, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    for await (const line of createInterface(server.stdout)) {
      const link = line.match(/^Set it up at (\S+)/)?.[1]
      if (!link) continue
      env.BASE = new URL(link).origin
      await work(link)
      break
    }
  } finally {
    const ended = server.exitCode === null && once(server, 'exit')
    server.kill()
    await ended
    await rm(data, { recursive: true, force: true })
  }
}

await withPortal(async welcome => {
  // They read the address at once.
  const { SIZES, Visitor, withBrowser } = await import('./visitor.mjs')
  const { ADMIN, Handler, setUp } = await import('./walk.mjs')
  const { fill } = await import('./fill.mjs')
  const { LAYERS, pages } = await import('./pages.mjs')
  await mkdir(env.FOLDER, { recursive: true })
  await withBrowser(async browser => {
    const handler = await Handler.start((_, url) => (url === '/down' ? 500 : 200))
    const admin = await setUp(browser, welcome)
    const made = await fill(browser, admin, handler)
    await admin.leave()
    for (const theme of ['light', 'dark']) {
      for (const [device, size] of Object.entries(SIZES)) {
        const visitor = await Visitor.open(browser, { size, theme })
        const take = async name => {
          const path = join(env.FOLDER, `${name}-${device}-${theme}.png`)
          await visitor.page.screenshot({ path })
          console.log(path)
        }
        await visitor.go('/sign-in')
        await take('sign-in')
        await visitor.signIn(ADMIN.email, ADMIN.password)
        for (const { name, path } of pages(made)) {
          await visitor.go(path)
          await take(name)
        }
        for (const { name, path, open } of pages(made, LAYERS)) {
          await visitor.go(path)
          await open(visitor.page)
          await visitor.settled()
          await take(`layer-${name}`)
        }
        await visitor.leave()
      }
    }
    handler.stop()
  })
})
