// Who can have a role, by the codes that the server knows: people, departments, everybody.
import { fullName } from '@/api'
import { getUser, listUsers, type Person } from '@/api/people'
import { t } from '@/i18n'
import type { Option } from '@/ui'
import { listDepartments, type Department } from './departments'

const EVERYBODY = 'AU'
/** People that are offered; others are found by typing. */
const PEOPLE = 50

export const person = (one: Person): Option<string> => ({ value: `U${one.id}`, label: fullName(one), description: one.position ?? undefined, group: t('company.users') })

const department = (one: Department): Option<string>[] => [
  { value: `D${one.id}`, label: one.name, group: t('company.departments') },
  { value: `DR${one.id}`, label: t('company.memberBelow', { name: one.name }), group: t('company.departments') }
]

/** Everybody, departments, and people whose names have that text. */
export async function members(search = ''): Promise<Option<string>[]> {
  const [{ users }, departments] = await Promise.all([listUsers({ active: 'Y', search, size: String(PEOPLE) }), listDepartments()])
  return [{ value: EVERYBODY, label: t('company.memberEverybody') }, ...departments.flatMap(department), ...users.map(person)]
}

/** What members are called; whom nobody knows any more keeps the code. */
export async function namesOf(codes: string[]): Promise<Map<string, string>> {
  const known = new Map((await members()).map(one => [one.value, one.label]))
  const unknown = codes.filter(code => !known.has(code) && code.startsWith('U'))
  const found = await Promise.all(unknown.map(code => getPerson(Number(code.slice(1)))))
  for (const one of found) if (one) known.set(`U${one.id}`, fullName(one))
  return known
}

const getPerson = (id: number) => getUser(id).catch(() => undefined)
