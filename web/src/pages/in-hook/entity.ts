// What is known about the fields of the entity that a method works on: asked of the portal when it is first needed.
import { computed, reactive, ref, watch, type Ref } from 'vue'
import { dictionary, fields as fieldsOf, type Method } from '../hook/api'
import { type Fields, fieldsMethod, hint, type Hint } from './hints'
import { toJson, type Row } from './rows'

type Choices = Hint['choices']

const asked = new Map<string, Promise<Fields>>()
const dictionaries = reactive(new Map<string, Choices>())

/** Fields of the entity, and the hint of each row; nothing is lost when the portal does not tell. */
export function useEntity(method: Ref<Method | undefined>, rows: () => Row[], known: (name: string) => boolean) {
  const fields = ref<Fields>({})
  const source = computed(() => method.value && fieldsMethod(method.value.method, known))
  // `crm.item.*` has other fields for each type.
  const type = computed(() => String(toJson(rows()).entityTypeId ?? ''))

  watch([source, type], async ([name, entityTypeId]) => {
    fields.value = {}
    if (!name || (name === 'crm.item.fields' && !entityTypeId)) return
    const found = await ask(name, entityTypeId)
    if (name === source.value && entityTypeId === type.value) fields.value = found
  }, { immediate: true })

  function hintOf(name: string): Hint | undefined {
    const found = method.value && hint(name, method.value.params, fields.value)
    if (!found?.statusType) return found
    void learn(found.statusType)
    return { ...found, choices: dictionaries.get(found.statusType) ?? found.choices }
  }

  return { fields, hintOf }
}

function ask(name: string, entityTypeId: string): Promise<Fields> {
  const key = `${name} ${entityTypeId}`
  const params: Record<string, string> = entityTypeId ? { entityTypeId } : {}
  const promise = asked.get(key) ?? fieldsOf(name, params).catch(() => {
    asked.delete(key)
    return {}
  })
  asked.set(key, promise)
  return promise
}

async function learn(name: string) {
  if (dictionaries.has(name)) return
  dictionaries.set(name, [])
  dictionaries.set(name, await dictionary(name).catch(() => []))
}
