import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const SOURCE = new URL('../src/', import.meta.url).href

/** `@/…` is src, and a path without an ending is a .ts or an index.ts. */
export function resolve(name, context, next) {
  const wanted = name.startsWith('@/') ? SOURCE + name.slice(2) : name
  if (!/^(\.{1,2}\/|file:)/.test(wanted)) return next(name, context)
  const url = new URL(wanted, context.parentURL).href
  const found = [url, `${url}.ts`, `${url}/index.ts`].find(one => /\.\w+$/.test(one) && existsSync(fileURLToPath(one)))
  return next(found ?? url, context)
}

export function load(url, context, next) {
  if (url.endsWith('.json')) {
    return { format: 'module', shortCircuit: true, source: `export default ${readFileSync(fileURLToPath(url), 'utf8')}` }
  }
  if (!url.endsWith('.ts')) return next(url, context)
  const source = readFileSync(fileURLToPath(url), 'utf8')
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  return { format: 'module', shortCircuit: true, source: ts.transpileModule(source, { compilerOptions: options }).outputText }
}
