//! "Only when these fields changed": a webhook is told of an update only if it changed one of the fields that were chosen for its
//! event. Whatever is no update of fields (something was added, deleted, moved) is told in any case.

use std::collections::{BTreeMap, BTreeSet};

use store::Tx;
use wire::Fault;

use engine::Core;
use engine::error::Result;
use engine::event_fields;

/// Names of fields by event, both in capitals, as legacy methods call them. An event that is not here is told always.
pub type Only = BTreeMap<String, BTreeSet<String>>;

/// How many fields can be chosen of one event: each change is compared with them.
const MAX_FIELDS: usize = 200;

/// The choice for these events, tidied. What was chosen `before` stays, also if the field is gone since.
///
/// # Errors
/// `ERROR_ARGUMENT` with `only_fields` for an event that tells of no fields, for one that it does not have, and for too many.
pub(super) fn checked(
    tx: &mut Tx<'_>,
    core: &Core,
    wanted: &Only,
    events: &[String],
    before: &Only,
) -> Result<Only> {
    let capitals = |text: &String| text.trim().to_ascii_uppercase();
    let mut only = Only::new();
    for (name, fields) in wanted {
        let fields: BTreeSet<String> =
            fields.iter().map(capitals).filter(|field| !field.is_empty()).collect();
        let name = capitals(name);
        if events.contains(&name) && !fields.is_empty() {
            only.insert(name, fields);
        }
    }
    if only == *before {
        return Ok(only);
    }
    let meta = core.current(tx)?.meta;
    for (name, fields) in &only {
        if fields.len() > MAX_FIELDS {
            return refuse(format!("Choose at most {MAX_FIELDS} fields of an event."));
        }
        let known: BTreeSet<String> =
            event_fields::fields_of(core.modules, &meta, name).into_iter().map(|(field, _)| field).collect();
        if known.is_empty() {
            return refuse(format!("{name} does not tell of changed fields, so none can be chosen."));
        }
        let kept = before.get(name);
        let unknown = fields
            .iter()
            .find(|field| !known.contains(*field) && !kept.is_some_and(|kept| kept.contains(*field)));
        if let Some(unknown) = unknown {
            return refuse(format!("{name} has no field {unknown:?}."));
        }
    }
    Ok(only)
}

fn refuse<T>(text: String) -> Result<T> {
    Err(Fault::argument(text, "only_fields").into())
}

/// Stores the choice where it differs from before.
pub(super) fn save(tx: &mut Tx<'_>, outbound_id: i64, only: &Only, before: &Only) -> Result<()> {
    let events: BTreeSet<&String> = only.keys().chain(before.keys()).collect();
    for event in events.into_iter().filter(|event| only.get(*event) != before.get(*event)) {
        let fields: Vec<&str> = only.get(event).into_iter().flatten().map(String::as_str).collect();
        let sql = "UPDATE outbound_event SET fields = ? WHERE outbound_id = ? AND event = ?";
        tx.execute(sql, &[fields.join(",").into(), outbound_id.into(), event.as_str().into()])?;
    }
    Ok(())
}

/// The fields of one event, as they are stored.
pub(super) fn parse(text: &str) -> BTreeSet<String> {
    text.split(',').filter(|field| !field.is_empty()).map(str::to_owned).collect()
}
