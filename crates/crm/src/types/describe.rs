//! What answers show of a smart process beyond its fields.

use engine::call::Call;
use engine::entity::describe::correct;
use engine::error::Result;
use engine::input::yes_no;
use engine::noun::Row;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::kept::Types;
use super::relations;
use crate::solution;

/// The custom fields of other modules in which items of a type may be named.
const LINKED: [&str; 3] =
    ["CALENDAR_EVENT|UF_CRM_CAL_EVENT", "TASKS_TASK|UF_CRM_TASK", "TASKS_TASK_TEMPLATE|UF_CRM_TASK"];

/// Adds to what is shown of types; of one alone there is more.
pub(super) fn show(call: &mut Call<'_, '_>, rows: &[Row], shown: &mut [Map], whole: bool) -> Result<()> {
    let meta = call.meta.clone();
    let types = Types::of(&meta);
    let sections = if whole { solution::list(call.tx)? } else { Vec::new() };
    for (row, map) in rows.iter().zip(shown) {
        if row.int("customSectionId").is_none() {
            map.insert("customSectionId", Value::Null);
        }
        if !whole {
            map.remove("linkedUserFields");
            map.remove("relations");
            continue;
        }
        if let Some(kind) = row.int("entityTypeId").and_then(|number| types.find(number)) {
            map.insert("relations", relations::show(types, kind));
        }
        let kept = row.json("linkedUserFields");
        map.insert("linkedUserFields", Value::from(linked(&Value::from(kept))));
        map.insert("customSections", solution::sections(&sections, row.int("customSectionId")));
    }
    Ok(())
}

/// Which custom fields a request, or what was kept of one, links: `Y` or `N` for each.
pub(super) fn linked(given: &Value) -> Json {
    let says = |name: &str| given.get(name).and_then(Value::as_flag) == Some(true);
    LINKED.iter().map(|name| ((*name).to_owned(), json!(yes_no(says(name))))).collect()
}

/// Says of the fields what `crm.type.fields` says.
pub(super) fn describe(fields: &mut Map) {
    for name in ["linkedUserFields", "relations", "isPaymentsEnabled", "isCountersEnabled"] {
        fields.remove(name);
    }
    correct(fields, "entityTypeId", "isRequired", true);
    correct(fields, "customSectionId", "isImmutable", true);
    for name in ["createdTime", "updatedTime"] {
        correct(fields, name, "isReadOnly", false);
    }
}
