//! Document templates and the documents that are made of them: `documentgenerator.*` for data that callers bring along, and
//! `crm.documentgenerator.*` for items of the CRM.
//!
//! Both families are faces of the same rows. Numerators are common to both; of templates and documents each knows its own.

pub mod copy;
mod data;
mod document;
mod docx;
mod family;
mod numerator;
mod region;
mod rights;
mod role;
mod template;

use serde_json::{Value as Json, json};
use store::Migration;
use wire::Fault;

use engine::meta::Section;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::{CONTROLLER_FAULTS, Faults, Noun, Refusal};
use engine::scopes::offered;

/// The scope of `documentgenerator.*`.
const SCOPE: &str = "documentgenerator";
/// The scope of `crm.documentgenerator.*`.
const CRM: &str = "crm";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered(
        "documentgenerator",
        "Document generator",
        "Document templates and generated documents.",
    )],
    nouns,
    methods,
    events: document::events,
    sections: &[Section::of::<rights::Roles>()],
    migrations: &[Migration {
        version: 1,
        name: "counters",
        sql: include_str!("../migrations/0001_counters.sql"),
    }],
    seeds: &[role::SEED, numerator::SEED, region::SEED, document::SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("documents")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&numerator::NUMERATOR, &region::REGION, &role::ROLE, &template::TEMPLATE, &document::DOCUMENT]
}

fn methods() -> Vec<Method> {
    let own = [region::methods(), role::methods(), template::methods(), document::methods()];
    own.into_iter().flatten().collect()
}

/// Demo data: calls in their order. Numerator 2, region 13, role 3; templates 1, of any data, and 2, of deals; and
/// a document of each.
pub fn demo() -> Vec<(&'static str, Json)> {
    let offer = json!({
        "name": "Offer", "numeratorId": 2, "region": "de", "entityTypeId": [2], "users": ["UA"],
        "file": ["offer.docx", include_str!("offer.b64")],
    });
    vec![
        ("documentgenerator.numerator.add", json!({"fields": {"name": "Offers", "template": "OF-{NUMBER}"}})),
        ("documentgenerator.region.add", json!({"fields": {"title": "Austria", "languageId": "de"}})),
        ("documentgenerator.role.add", json!({"fields": {"name": "Offer writers", "code": "OFFERS"}})),
        (
            "documentgenerator.template.add",
            json!({"fields": {"name": "Letter", "numeratorId": 1, "region": "de", "users": ["UA"], "file": template::SAMPLE}}),
        ),
        ("crm.documentgenerator.template.add", json!({"fields": offer})),
        (
            "documentgenerator.document.add",
            json!({"templateId": 1, "value": "ORDER_1", "values": document::sample()}),
        ),
        ("crm.documentgenerator.document.add", json!({"templateId": 2, "entityTypeId": 2, "entityId": 2})),
    ]
}

/// The refusals of `documentgenerator.*`.
const fn faults(missing: Refusal, denied: &'static str) -> Faults {
    let denied = Refusal::Numbered(0, denied);
    Faults {
        missing,
        unreadable: denied,
        unwritable: denied,
        required: |names| Fault::numbered(400, 0, format!("Empty required fields: {}", names.join(", "))),
        ..CONTROLLER_FAULTS
    }
}

/// Those of `crm.documentgenerator.*`, where what may not be done has no code.
const fn crm_faults(missing: Refusal, denied: &'static str) -> Faults {
    let denied = Refusal::Coded("", denied);
    Faults { unreadable: denied, unwritable: denied, ..faults(missing, "") }
}

/// The refusal of what belongs to somebody else, or to the portal.
fn denied() -> Fault {
    Fault::new(400, "DOCGEN_ACCESS_ERROR", "Access denied")
}

/// The refusal of a row without these fields, as the database of the real system words it.
fn empty_required(names: &[String]) -> Fault {
    let name = names.first().map(|name| snake(name)).unwrap_or_default();
    Fault::new(400, "BX_EMPTY_REQUIRED", format!("Required field \"{name}\" is not filled"))
}

fn snake(name: &str) -> String {
    engine::noun::column(name).to_ascii_uppercase()
}

/// What templates may not be changed without.
const NO_TEMPLATES: &str = "You do not have permissions to modify templates";
