// The request builder at work: what is sent, what came back, and what was sent before.
import { computed, ref, shallowRef } from 'vue'
import { ApiError, user } from '@/api'
import { sentence } from '@/parts/failure'
import { t } from '@/i18n'
import type { Editor } from '../hook/editor'
import { type Answer, read } from './answer'
import { keep, type Past, recall, withPast } from './history'
import { address, type Format, reachable, request, type Way } from './request'
import { type Json, withRow } from './rows'
import { run } from './run'

export type Caller = ReturnType<typeof useCaller>

export function useCaller(editor: Editor) {
  const way = ref<Way>('json')
  const format = ref<Format>('json')
  /** Parameters that are being typed as JSON. */
  const json = ref<{ [key: string]: Json }>()
  const answer = shallowRef<Answer>()
  const failure = ref('')
  const running = ref<AbortController>()
  const past = ref<Past[]>([])

  const reading = computed(() => answer.value && read(answer.value))
  const wanted = () => ({ method: editor.draft.method, rows: editor.draft.rows, way: way.value, format: format.value, json: json.value })
  /** The address as it reads with GET, under this base. */
  const shown = (base: string) => (editor.draft.method.trim() ? address(base, editor.draft.method, format.value, editor.draft.rows) : base)

  function remember() {
    past.value = recall(sessionStorage, user.value?.id ?? 0, editor.saved.value?.id ?? 0)
  }

  async function execute() {
    if (running.value) return
    const control = running.value = new AbortController()
    failure.value = ''
    try {
      const { url } = await editor.secrets()
      if (!url) throw new Error(t('in-hook.hidden', { user: editor.saved.value?.hidden_by ?? '' }))
      const { method, rows } = wanted()
      answer.value = await run(request(reachable(url, location.origin), wanted()), control.signal)
      editor.used()
      note({ at: new Date().toISOString(), method, rows, way: way.value, format: format.value, status: answer.value.status, took: answer.value.took })
    } catch (thrown) {
      answer.value = undefined
      failure.value = why(thrown, control.signal)
    } finally {
      running.value = undefined
    }
  }

  function note(call: Past) {
    const code = reading.value?.error?.code
    past.value = withPast(past.value, code === undefined ? call : { ...call, error: code })
    keep(sessionStorage, user.value?.id ?? 0, editor.saved.value?.id ?? 0, past.value)
  }

  function again(call: Past) {
    editor.draft.method = call.method
    editor.draft.rows = call.rows.map(([name, value]) => [name, value])
    way.value = call.way
    format.value = call.format
    json.value = undefined
  }

  async function nextPage() {
    const next = reading.value?.page?.next
    if (next === undefined) return
    if (json.value) json.value = { ...json.value, start: next }
    editor.draft.rows = withRow(editor.draft.rows, 'start', String(next))
    await execute()
  }

  return { way, format, json, answer, reading, failure, running, past, shown, remember, execute, again, nextPage }
}

function why(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return t('in-hook.canceled')
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return t('in-hook.timedOut')
  if (thrown instanceof ApiError) return sentence(thrown)
  return thrown instanceof TypeError ? t('in-hook.unreachable') : thrown instanceof Error ? thrown.message : String(thrown)
}
