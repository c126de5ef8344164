import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'
import b24ui from '@bitrix24/b24ui-nuxt/vite'

/** Writes NAME.gz beside every script and style: the program has these alone, and compresses nothing. */
function gzip(): Plugin {
  return {
    name: 'portreeve:gzip',
    apply: 'build',
    generateBundle: {
      // Vite itself still changes scripts at this point: what is packed must be what it leaves.
      order: 'post',
      handler(_, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!/\.(js|css|svg)$/.test(name)) continue
          const source = file.type === 'chunk' ? file.code : file.source
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) })
        }
      }
    }
  }
}

// The development server passes everything that is not ours on to `portreeve serve`.
const server = process.env.PORTREEVE_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [
    vue(),
    b24ui({
      // The theme is ours (src/shell/theme.ts): the kit's own puts a <style> into the page, which the CSP forbids.
      colorMode: false,
      // Components are imported by name, in src/ui/ alone.
      components: false,
      autoImport: false,
      experimental: { componentDetection: true }
    }),
    gzip()
  ],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('./src', import.meta.url)) },
      // The kit's colours for contexts that this console never has: half of its tokens.
      { find: /^\.\/0\d\d_b24_(?:context_edge-|mobile_|desktop_)\w+\.css$/, replacement: fileURLToPath(new URL('./src/styles/none.css', import.meta.url)) }
    ]
  },
  build: {
    target: 'es2022',
    assetsDir: '_portreeve',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: server, xfwd: true }, '/rest': { target: server } }
  }
})
