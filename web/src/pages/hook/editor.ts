// One integration being edited: what is saved, what is typed, and what can be done with it. Provided by Editor.vue to
// its sections.
import { computed, inject, provide, reactive, ref, shallowRef, type InjectionKey } from 'vue'
import { ApiError, asApiError, changed, isAdmin, useAction } from '@/api'
import { t, tx } from '@/i18n'
import { firstRows } from '../in-hook/hints'
import { toRows } from '../in-hook/rows'
import * as server from './api'
import type { EventFields } from '../out-hook/only'
import type { Asked } from './asked'
import type { Catalogue, Integration, Scenario, Secrets } from './api'
import { body, copied, differs, type Draft, ofIntegration, ofScenario } from './draft'

export type Kind = 'in-hook' | 'out-hook'
export type Editor = ReturnType<typeof makeEditor>

const KEY: InjectionKey<Editor> = Symbol('editor')

export const provideEditor = (editor: Editor) => provide(KEY, editor)

export function useEditor(): Editor {
  const editor = inject(KEY)
  if (!editor) throw new Error('a section of the editor stands outside of it')
  return editor
}

export function makeEditor(kind: Kind) {
  const saved = shallowRef<Integration>()
  const scenario = shallowRef<Scenario>()
  const catalogue = shallowRef<Catalogue>()
  const eventFields = shallowRef<EventFields>({})
  const draft = reactive<Draft>(ofScenario(blank(kind), ''))
  const before = shallowRef<Draft>(ofScenario(blank(kind), ''))
  const ready = ref(false)
  const failed = shallowRef<ApiError>()
  /** Grows whenever secrets may have become others, so that nothing shows the old ones. */
  const generation = ref(0)
  /** Whether parameters are being typed as JSON that cannot be read. */
  const brokenJson = ref(false)
  let known: Promise<Secrets> | undefined

  const isNew = computed(() => saved.value === undefined)
  const isForeign = computed(() => saved.value !== undefined && !saved.value.mine)
  const request = () => JSON.stringify([draft.method, draft.rows])
  /** The request that was executed last. It is among the last calls, so that whoever only tries methods loses nothing. */
  const tried = ref<string>()
  const dirty = computed(() => {
    if (!ready.value) return false
    const { method, rows } = before.value
    const typed = tried.value === request() ? { ...draft, method, rows } : draft
    return brokenJson.value || differs(typed, before.value)
  })

  function take(one: Integration) {
    saved.value = one
    before.value = ofIntegration(one)
    Object.assign(draft, ofIntegration(one))
    known = undefined
    generation.value += 1
  }

  /** Opens integration `id`, or for 0 a new one from the scenario of that code. */
  async function open(id: number, code: string, request?: Asked) {
    ready.value = false
    failed.value = undefined
    try {
      const [{ sections }, one] = await Promise.all([server.scenarios(), id ? server.integration(id) : undefined])
      const wanted = one?.scenario ?? code
      const all = sections.flatMap(section => section.scenarios)
      scenario.value = all.find(each => each.code === wanted) ?? all.find(each => each.code === kind)
      if (one) take(one)
      else startNew(all)
      if (request) await fill(request)
      // What a link brought is no work that could be lost.
      if (!one || request) before.value = copied(draft)
      ready.value = true
    } catch (thrown) {
      failed.value = asApiError(thrown)
    }
    void server.catalogue().then(found => catalogue.value = found, () => undefined)
    void server.eventFields().then(found => eventFields.value = found, () => undefined)
  }

  /**
   * Takes over the request that a link brings, with an example of what it lacks, and for a new webhook the permission that it
   * needs and the events.
   */
  async function fill({ method, rows, events }: Asked) {
    const found = await server.catalogue().catch(() => undefined)
    if (!saved.value && draft.hasOutbound) draft.events = [...draft.events, ...events.filter(name => found?.events.some(one => one.name === name))]
    if (!method) return
    const chosen = found?.methods.find(one => one.method === method)
    draft.method = method
    draft.rows = rows.length ? rows : firstRows(chosen?.params ?? [], toRows(chosen?.examples[0]?.params ?? {}))
    if (chosen?.scope && !saved.value && !draft.scopes.includes(chosen.scope)) draft.scopes = [...draft.scopes, chosen.scope]
  }

  function startNew(all: Scenario[]) {
    const usable = scenario.value && !scenario.value.needs && (isAdmin.value || !scenario.value.admin_only)
    if (!usable) scenario.value = all.find(each => each.code === kind)
    const chosen = scenario.value ?? blank(kind)
    saved.value = undefined
    before.value = ofScenario(chosen, tx(`scenarios.${chosen.code}.title`))
    Object.assign(draft, ofScenario(chosen, tx(`scenarios.${chosen.code}.title`)))
  }

  /** Saves, if nobody else did since; with `anyway`, over what they saved. */
  const saving = useAction(async (takeOver: boolean, anyway: boolean) => {
    const wish = body(draft)
    const one = saved.value
    take(one === undefined
      ? await server.create(wish)
      : await server.update(one.id, { ...wish, renew_secret: draft.renew, renew_token: draft.renewToken, overlap: one.outbound?.hidden ? '0' : draft.overlap, take_over: takeOver, version: anyway ? undefined : one.version }))
    changed('integrations')
  })
  /** Drops what is typed for what was saved elsewhere. */
  const reloading = useAction(async () => {
    take(await server.integration(saved.value!.id))
    saving.error.value = undefined
  })

  /** Notes that the inbound webhook was called just now, with an answer. */
  function used() {
    tried.value = request()
    const one = saved.value
    if (one?.inbound) saved.value = { ...one, inbound: { ...one.inbound, last_used: new Date().toISOString(), last_address: null } }
  }

  /** The secrets, asked for once until they change. */
  function secrets(): Promise<Secrets> {
    if (!saved.value) return Promise.reject(new ApiError(0, 'ERROR_CONSOLE', t('in-hook.createFirst')))
    known ??= server.secrets(saved.value.id).catch((thrown: unknown) => {
      known = undefined
      throw thrown
    })
    return known
  }

  /** Takes over what changed beside the form; what is being typed stays as it is. */
  function retake(one: Integration) {
    saved.value = one
    known = undefined
    generation.value += 1
  }

  const switching = useAction(async (to: { active: boolean, held?: string }) => {
    const one = await server.setActive(saved.value!.id, to)
    saved.value = one
    // What else is being typed stays as it is.
    draft.inboundActive = before.value.inboundActive = one.inbound?.active ?? true
    draft.outboundActive = before.value.outboundActive = one.outbound?.active ?? true
    changed('integrations')
  })

  return {
    kind, brokenJson, saved, scenario, catalogue, eventFields, draft, before, ready, failed, generation, isNew, isForeign, dirty, open, saving, reloading, secrets, retake, switching, used
  }
}

/** What a new one is until the scenarios are known. */
function blank(kind: Kind): Scenario {
  const inbound = kind === 'in-hook'
  return { code: kind, kind, method: '', params: [], scopes: [], events: [], admin_only: false, needs: null, inbound, outbound: !inbound }
}
