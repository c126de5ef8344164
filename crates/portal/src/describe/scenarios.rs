//! The ready-made scenarios as JSON.

use crate::modules;
use serde_json::{Value, json};

use webhooks::integration::scenario::{Need, OUT_HOOK, SECTIONS, Scenario, Section};

/// `{"sections": [{code, scenarios: [..]}]}`, with what each scenario needs as of the registry. `kind` is the editor
/// in which it opens, none for a local application; `outbound` says whether its outbound part is on at first.
pub fn scenarios_json() -> Value {
    json!({"sections": SECTIONS.iter().map(section_json).collect::<Value>()})
}

fn section_json(section: &Section) -> Value {
    let scenarios = section.scenarios.iter().map(|scenario| scenario_json(section, scenario));
    json!({"code": section.code, "scenarios": scenarios.collect::<Value>()})
}

fn scenario_json(section: &Section, scenario: &Scenario) -> Value {
    let kind = match scenario.code {
        OUT_HOOK => Some(OUT_HOOK),
        _ => scenario.inbound().then_some("in-hook"),
    };
    json!({
        "code": scenario.code,
        "kind": kind,
        "method": scenario.method,
        "params": scenario.params.iter().map(|(name, value)| json!([name, value])).collect::<Value>(),
        "scopes": scenario.scopes,
        "events": scenario.events,
        "admin_only": section.admin_only || scenario.admin_only,
        "needs": scenario.needs(modules()).map(Need::name),
        "inbound": scenario.inbound(),
        "outbound": scenario.outbound,
    })
}

#[cfg(test)]
mod tests {
    use webhooks::integration::scenario::{IN_HOOK, find};

    use super::*;

    #[test]
    fn a_preset_of_a_method_that_is_here_names_only_its_parameters() {
        let all = SECTIONS.iter().flat_map(|section| section.scenarios);
        for scenario in all.filter(|scenario| scenario.needs(modules()).is_none() && scenario.inbound()) {
            let method = modules().find(scenario.method).expect("it was found to be there");
            // Names mean nothing where parameters count by their place.
            if method.positional {
                continue;
            }
            for (name, _) in scenario.params {
                let name = name.split('[').next().unwrap_or(name);
                let declared = method.params.iter().any(|param| param.name.eq_ignore_ascii_case(name));
                assert!(declared, "{}: {} has no {name}", scenario.code, scenario.method);
            }
            for param in method.params.iter().filter(|param| param.required) {
                let is_it = |name: &str| {
                    name.split('[').next().is_some_and(|name| name.eq_ignore_ascii_case(&param.name))
                };
                let given = scenario.params.iter().any(|(name, _)| is_it(name));
                assert!(given, "{}: {}", scenario.code, param.name);
            }
            for event in scenario.events {
                assert!(modules().event(event).is_some(), "{event}");
            }
        }
    }

    #[test]
    fn what_a_scenario_needs_follows_from_the_modules() {
        let needs = |code: &str| find(code).and_then(|(scenario, _)| scenario.needs(modules()));
        assert_eq!((needs(IN_HOOK), needs(OUT_HOOK), needs("contact-sync")), (None, None, None));
        assert_eq!(needs("application"), Some(Need::Application));
        assert_eq!(needs("bot-notify-staff"), Some(Need::Bot));
    }
}
