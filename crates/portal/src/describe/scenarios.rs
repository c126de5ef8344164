//! The ready-made scenarios as JSON.

use serde_json::{Value, json};

use crate::integration::scenario::{Need, OUT_HOOK, SECTIONS, Scenario, Section};

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
        "needs": scenario.needs().map(Need::name),
        "inbound": scenario.inbound(),
        "outbound": scenario.outbound,
    })
}
