// Scenarios by what people call them.

import type { Scenario, SectionInfo } from '../hook/api'

export interface Words {
  title: string
  about: string
}

/** The sections with those of their scenarios that have every word typed; sections without any are left out. */
export function find(sections: SectionInfo[], typed: string, words: (scenario: Scenario) => Words): SectionInfo[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return sections
  const fits = (scenario: Scenario) => {
    const { title, about } = words(scenario)
    const text = [title, about, scenario.method, ...scenario.events].join(' ').toLowerCase()
    return wanted.every(word => text.includes(word))
  }
  return sections.map(section => ({ ...section, scenarios: section.scenarios.filter(fits) })).filter(section => section.scenarios.length)
}

/** Where a scenario opens, if it can be used by this person. */
export function target(scenario: Scenario, isAdmin: boolean): string | undefined {
  if (!scenario.kind || scenario.needs || (scenario.admin_only && !isAdmin)) return undefined
  return `/devops/edit/${scenario.kind}/0/?scenario=${scenario.code}`
}
