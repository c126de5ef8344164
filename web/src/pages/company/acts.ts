// What an administrator does to a person, after a question.
import { asApiError, changed, fullName } from '@/api'
import { changeUser, linkUser, resetFactor, type Person } from '@/api/people'
import { confirm, sentence } from '@/parts'
import { done } from '@/ui'
import { t } from '@/i18n'

/** Shows a one-time link, this once, so that it can be handed over; says whether it went out by e-mail, too. */
export const showLink = (name: string, link: string, mailed: boolean) =>
  confirm({ title: t('company.linkTitle', { name }), text: mailed ? t('company.linkMailed') : t('company.linkText'), copy: link, yes: t('company.linkHandedOver'), single: true })

/** What the last act failed of, to be said in a dialog. */
const failed = (error: unknown) => confirm({ title: t('company.failed'), text: sentence(asApiError(error)), yes: t('common.close'), single: true }).then(() => false)

async function tried(act: () => Promise<void>): Promise<boolean> {
  try {
    await act()
    changed('users')
    return true
  } catch (error) {
    return failed(error)
  }
}

export async function dismiss(person: Person): Promise<boolean> {
  const text = person.hooks ? t('company.dismissText', { n: person.hooks }) : t('company.dismissTextNone')
  const yes = await confirm({ title: t('company.dismissTitle', { name: fullName(person) }), text, yes: t('company.dismiss'), danger: true })
  if (!yes) return false
  return tried(async () => {
    await changeUser(person.id, { active: false })
    done(t('company.dismissedDone'), { label: t('company.undo'), run: () => void restore(person) })
  })
}

export const restore = (person: Person): Promise<boolean> => tried(async () => {
  await changeUser(person.id, { active: true })
  done(t('company.restored'))
})

export async function newLink(person: Person): Promise<boolean> {
  const yes = await confirm({ title: t('company.newLinkTitle', { name: fullName(person) }), text: t('company.newLinkText'), yes: t('company.newLink') })
  if (!yes) return false
  return tried(async () => {
    const { link, mailed } = await linkUser(person.id)
    await showLink(fullName(person), link, mailed)
  })
}

export async function loseFactor(person: Person): Promise<boolean> {
  const yes = await confirm({ title: t('company.factorResetTitle', { name: fullName(person) }), text: t('company.factorResetText'), yes: t('company.factorReset'), danger: true })
  if (!yes) return false
  return tried(async () => {
    await resetFactor(person.id)
    done(t('company.factorResetDone'))
  })
}
