// One import, from the choice of a file to its report.
import { computed, reactive, ref, shallowRef } from 'vue'
import { saveFile } from '@/parts'
import { type Kind, changed, useAction, useLoad } from '@/api'
import { t } from '@/i18n'
import { csv } from '../../statistics/chart'
import { fields as fieldsOf } from '../calls'
import { names, namesOf } from '../known'
import { wireOf } from '../wire'
import { type Matching, importable, match, remember, remembered } from './match'
import type { Table } from './read'
import { type Answer, type Progress, type Refused, run } from './run'
import { serverOf } from './server'

/** Why a row was refused, in words. */
export const reason = ({ why }: Refused): string => ('said' in why ? why.said : t(`crm.import-${why.why}`, { value: why.value, field: why.field }))

export function useImport(kind: () => Kind) {
  const described = useLoad(async () => (await Promise.all([fieldsOf(kind()), namesOf(kind())]))[0])
  const fields = computed(() => importable(described.data.value ?? []))
  const table = shallowRef<Table>()
  const fileName = ref('')
  const matching = ref<Matching>([])
  const skipDuplicates = ref(false)
  const progress = reactive<Progress>({ done: 0, added: 0, refused: [] })
  const state = ref<'choose' | 'running' | 'done'>('choose')
  /** What is to become of rows whose batch got no answer; somebody must say. */
  const unanswered = shallowRef<(answer: Answer) => void>()
  let isCanceled = false

  const chosen = computed(() => matching.value.map(code => fields.value.find(field => field.code === code)))
  const required = computed(() => fields.value.filter(field => field.required))
  const lacking = computed(() => required.value.filter(field => !matching.value.includes(field.code)))
  const canSkip = computed(() => chosen.value.some(field => field?.code === 'PHONE' || field?.code === 'EMAIL'))

  const picking = useAction(async (file: File) => {
    const { decode, parse } = await import('./read')
    const read = parse(decode(new Uint8Array(await file.arrayBuffer())))
    table.value = read
    fileName.value = file.name
    matching.value = match(read.headers, fields.value, remembered(kind().code))
    Object.assign(progress, { done: 0, added: 0, refused: [] })
    state.value = 'choose'
  })

  const running = useAction(async () => {
    if (!table.value) return
    const all = described.data.value ?? []
    remember(kind().code, table.value.headers, matching.value)
    isCanceled = false
    state.value = 'running'
    const plan = { rows: table.value.rows, fields: chosen.value, required: required.value, names, skipDuplicates: skipDuplicates.value && canSkip.value }
    const ask = () => new Promise<Answer>(resolve => {
      unanswered.value = answer => {
        unanswered.value = undefined
        if (answer === 'stop') isCanceled = true
        resolve(answer)
      }
    })
    await run(plan, serverOf(kind(), wireOf(kind(), all), chosen.value), progress, () => !isCanceled, ask)
    const rest = table.value.rows.slice(progress.done)
    progress.refused.push(...rest.map((cells, at) => ({ row: progress.done + at + 1, cells, why: { why: 'stopped' as const, value: '', field: '' } })))
    progress.done = table.value.rows.length
    state.value = 'done'
    changed('crm')
  })

  function downloadRefused() {
    const headers = [...(table.value?.headers ?? []), t('crm.import-row'), t('crm.import-reason')]
    const lines = progress.refused.map(one => [...one.cells, String(one.row), reason(one)])
    // The mark tells spreadsheets that it is UTF-8.
    saveFile(`${kind().code}-refused.csv`, `\ufeff${csv([headers, ...lines])}`, 'text/csv')
  }

  return { described, fields, table, fileName, matching, skipDuplicates, progress, state, unanswered, lacking, canSkip, picking, running, downloadRefused, cancel: () => (isCanceled = true) }
}
