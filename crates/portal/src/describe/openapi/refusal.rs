//! The refusals that any method may answer, in both versions of the protocol.

use std::collections::BTreeMap;
use std::fmt::Write;

use engine::method::Version;
use serde_json::{Map, Value, json};
use wire::{Fault, exception, fault};

/// What stands for all statuses that only some methods answer.
const OTHERS: &str = "4XX";

/// Codes of the system with their texts by the status that they travel under. What only a broken server answers is not among them.
fn by_status(version: Version) -> BTreeMap<String, Vec<Fault>> {
    let mut all: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
    let told = fault::SYSTEM.iter().filter(|system| !matches!(system.status, 200 | 500));
    for fault in told.map(|system| Fault::from(*system)) {
        let fault = if version == Version::V3 { exception::of(fault) } else { fault };
        let same = all.entry(fault.status.to_string()).or_default();
        if !same.iter().any(|known| known.code == fault.code) {
            same.push(fault);
        }
    }
    all.entry("400".to_owned()).or_default();
    all.entry(OTHERS.to_owned()).or_default();
    all
}

fn name(version: Version, status: &str) -> String {
    format!("{}{status}", schema_name(version))
}

fn schema_name(version: Version) -> &'static str {
    match version {
        Version::V2 => "Refusal",
        Version::V3 => "Exception",
    }
}

/// The refusals of an operation, as references.
pub fn references(version: Version) -> impl Iterator<Item = (String, Value)> {
    by_status(version).into_keys().map(move |status| {
        let reference = format!("#/components/responses/{}", name(version, &status));
        (status, json!({"$ref": reference}))
    })
}

/// The components that [`references`] lead to: responses and their schema.
pub fn add(version: Version, responses: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let reference = format!("#/components/schemas/{}", schema_name(version));
    for (status, faults) in by_status(version) {
        let mut about = match status.as_str() {
            "400" => "What is wrong with the request, by a code of the method".to_owned(),
            OTHERS => "Another refusal of the method".to_owned(),
            _ => String::new(),
        };
        for fault in faults {
            let between = if about.is_empty() { "" } else { "; " };
            _ = write!(about, "{between}`{}`: {}", fault.code, fault.message);
        }
        let body = json!({"application/json": {"schema": {"$ref": reference}}});
        responses.insert(name(version, &status), json!({"description": about, "content": body}));
    }
    schemas.insert(schema_name(version).to_owned(), schema(version));
}

fn schema(version: Version) -> Value {
    match version {
        Version::V2 => json!({
            "type": "object",
            "required": ["error", "error_description"],
            "properties": {
                "error": {"type": ["string", "integer"], "description": "Code"},
                "error_description": {"type": "string", "description": "Text"},
                "argument": {"type": "string", "description": "Name of the parameter that is at fault"},
            },
        }),
        Version::V3 => json!({
            "type": "object",
            "required": ["error"],
            "properties": {"error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "validation": {"type": "array", "items": {
                        "type": "object",
                        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                    }},
                },
            }},
        }),
    }
}
