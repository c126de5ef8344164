// All records that a filter finds, as a file. An import reads it again: many values of a field stand apart by semicolons.
import { ref } from 'vue'
import { saveFile } from '@/parts'
import { useAction, type Kind } from '@/api'
import { csv } from '../statistics/chart'
import { PAGE_SIZE, nameAll, pageOf } from './calls'
import type { Field } from './fields'
import { names } from './known'
import { shown } from './names'
import { everyPage } from './whole'
import type { Wire } from './wire'

export interface Wanted { kind: Kind, wire: Wire, filter: Record<string, unknown>, fields: Field[], down: boolean }

/** `read` is how many records of the file were read; undefined while none is made. */
export function useDownload(wanted: () => Wanted) {
  const read = ref<number>()
  let isCanceled = false
  const { run, error } = useAction(async () => {
    const { kind, wire, filter, fields, down } = wanted()
    const select = [...new Set(['ID', ...fields.map(field => field.code)])]
    const lines: string[][] = [fields.map(field => field.code)]
    isCanceled = false
    read.value = 0
    try {
      await everyPage(asked => pageOf(wire, { ...asked, select }), filter, down, PAGE_SIZE, async found => {
        await nameAll(names, fields, found)
        lines.push(...found.map(record => fields.map(field => shown(field, record[field.code], names).map(part => part.text).join('; '))))
        read.value = lines.length - 1
        return !isCanceled
      })
    } finally {
      read.value = undefined
    }
    if (!isCanceled) saveFile(`${kind.code}s.csv`, csv(lines), 'text/csv')
  })
  return { read, run, error, cancel: () => (isCanceled = true) }
}
