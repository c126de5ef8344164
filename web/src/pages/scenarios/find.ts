// Scenarios by what people call them.

import type { Scenario, SectionInfo } from '../hook/api'

export interface Words {
  title: string
  about: string
}

/** Scenarios with those last that cannot be used by this person. */
export const usableFirst = (scenarios: Scenario[], isAdmin: boolean): Scenario[] => first(scenarios, one => target(one, isAdmin) !== undefined)

/** The same for sections: within each, and with those last of which nothing can be used. */
export function sectionsUsableFirst(sections: SectionInfo[], isAdmin: boolean): SectionInfo[] {
  const sorted = sections.map(section => ({ ...section, scenarios: usableFirst(section.scenarios, isAdmin) }))
  return first(sorted, section => section.scenarios.some(one => target(one, isAdmin)))
}

const first = <T>(all: T[], holds: (one: T) => boolean): T[] => [...all.filter(holds), ...all.filter(one => !holds(one))]

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
