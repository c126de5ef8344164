// What is known about the fields of the entity that a method works on: asked of the portal when it is first needed.
import { computed, reactive, ref, watch, type Ref } from 'vue'
import { kinds, kindsOnce } from '@/api'
import { dictionary, fields as fieldsOf, newest, type Method } from '../hook/api'
import { type Fields, fieldsMethod, hint, type Hint, kindChoices, listed } from './hints'
import { toJson, type Row } from './rows'

type Choices = Hint['choices']

/** Fields of the entity, and the hint of each row; nothing is lost when the portal does not tell. */
export function useEntity(method: Ref<Method | undefined>, rows: () => Row[], known: (name: string) => boolean) {
  // For as long as the editor is open: fields and records change, and so may who is signed in.
  const asked = new Map<string, Promise<Fields>>()
  const choices = reactive(new Map<string, Choices>())
  const fields = ref<Fields>({})
  void kindsOnce().catch(() => undefined)
  const source = computed(() => method.value && fieldsMethod(method.value.method, known))
  // `crm.item.*` has other fields for each type.
  const type = computed(() => String(toJson(rows()).entityTypeId ?? ''))

  watch([source, type], async ([name, entityTypeId]) => {
    fields.value = {}
    if (!name || (name === 'crm.item.fields' && !entityTypeId)) return
    const found = await ask(asked, name, entityTypeId)
    if (name === source.value && entityTypeId === type.value) fields.value = found
  }, { immediate: true })

  function hintOf(name: string): Hint | undefined {
    const found = method.value && hint(name, method.value.params, fields.value)
    if (!found) return undefined
    const ofKinds = kindChoices(name, kinds.value)
    if (ofKinds.length > 0) return { ...found, choices: ofKinds }
    const what = found.statusType ? undefined : listed(method.value?.method ?? '', name, found.type, kinds.value, type.value)
    const key = found.statusType ?? (typeof what === 'object' ? what.code : what)
    if (key === undefined) return found
    if (!choices.has(key)) void learn(choices, key, what ? newest(what) : dictionary(key))
    return { ...found, choices: choices.get(key) ?? found.choices }
  }

  return { fields, hintOf }
}

function ask(asked: Map<string, Promise<Fields>>, name: string, entityTypeId: string): Promise<Fields> {
  const key = `${name} ${entityTypeId}`
  const params: Record<string, string> = entityTypeId ? { entityTypeId } : {}
  const promise = asked.get(key) ?? fieldsOf(name, params).catch(() => {
    asked.delete(key)
    return {}
  })
  asked.set(key, promise)
  return promise
}

async function learn(choices: Map<string, Choices>, key: string, asked: Promise<Choices>) {
  choices.set(key, [])
  choices.set(key, await asked.catch(() => []))
}
