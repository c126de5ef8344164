// Lets `node --test` run TypeScript on Node 20, with the compiler that is here anyway.
import { register } from 'node:module'
register('./typescript-hooks.mjs', import.meta.url)
