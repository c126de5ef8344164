//! Stages as answers show them.

use engine::noun::Row;
use wire::{Map, Value};

/// Stages by their numbers.
pub fn show(stages: &[Row]) -> Value {
    stages
        .iter()
        .map(|stage| (stage.number.to_string().into(), Value::from(one(stage))))
        .collect::<Map>()
        .into_value()
}

fn one(stage: &Row) -> Map {
    let number = |name: &str| stage.int(name).unwrap_or(0).to_string();
    let system = Some(stage.text("systemType")).filter(|system| !system.is_empty());
    let mut shown = Map::with_capacity(10);
    shown.push("ID", stage.number.to_string());
    shown.push("TITLE", stage.text("title"));
    shown.push("SORT", number("sort"));
    shown.push("COLOR", stage.text("color"));
    shown.push("SYSTEM_TYPE", system);
    shown.push("ENTITY_ID", number("entityId"));
    shown.push("ENTITY_TYPE", stage.text("entityType"));
    shown.push("ADDITIONAL_FILTER", Value::List(Vec::new()));
    shown.push("TO_UPDATE", Value::List(Vec::new()));
    shown.push("TO_UPDATE_ACCESS", Value::Null);
    shown
}
