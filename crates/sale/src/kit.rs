//! What the nouns of orders share: refusals, checks and small helps.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory;
use engine::entity::codec;
use engine::error::{Error, Result};
use engine::keys;
use engine::method::{Kind, Param, required};
pub use engine::noun::numbered_faults as faults;
use engine::noun::{self, Draft, Face, Faults, Id, Noun, Refusal, Row, Verb};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use store::Param as Bound;
use wire::{Fault, Map, Value};

/// The refusals of the families with upper-case names.
pub const fn words(missing: &'static str, text: &'static str) -> Faults {
    Faults {
        missing: Refusal::Coded(missing, text),
        unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied!"),
        unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied!"),
        taken: Refusal::Coded("ERROR_HANDLER_ALREADY_EXIST", "Handler already exists!"),
        required: |names| undefined(names.first().map_or("", String::as_str)),
        invalid: unfit,
    }
}

/// How rows are shown and written that have no number: what names them is their fields.
pub const fn keyed(path: &'static str, one: &'static str, many: &'static str) -> Face {
    Face { id: Id::Fields, params: NAMED, ..Face::controller(path, one, many) }.verbs(&[
        (Verb::Add, "add"),
        (Verb::List, "list"),
        (Verb::Delete, "deleteByFilter"),
        (Verb::Fields, "getFields"),
    ])
}

/// What names a row that is deleted.
const NAMED: &[(&[Verb], Param)] = &[(&[Verb::Delete], required("fields", Kind::Fields, "Values by field"))];

/// The usual verbs, of families that spell the last one without a capital.
pub const VERBS: &[(Verb, &str)] = &[
    (Verb::Add, "add"),
    (Verb::Get, "get"),
    (Verb::List, "list"),
    (Verb::Update, "update"),
    (Verb::Delete, "delete"),
    (Verb::Fields, "getfields"),
];

/// A parameter is missing.
pub fn undefined(name: &str) -> Fault {
    failure(format!("Parameter {name} is not defined"))
}

/// A parameter has a value that it cannot have.
pub fn unfit(name: &str) -> Fault {
    failure(format!("Parameter {name} is invalid"))
}

/// A check of a parameter fails.
pub fn failure(text: impl Into<String>) -> Fault {
    Fault::new(400, "ERROR_CHECK_FAILURE", text.into())
}

/// Only administrators use the families with upper-case names, and name a row where one is meant.
pub fn admit(call: &Call<'_, '_>, verb: Verb) -> Result<()> {
    require_admin(call)?;
    match verb {
        Verb::Get | Verb::Update | Verb::Delete => require(call, &["ID"]),
        _ => Ok(()),
    }
}

/// Only administrators go on.
pub fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    match call.caller.is_admin {
        true => Ok(()),
        false => Err(Fault::new(403, "ACCESS_DENIED", "Access denied!").into()),
    }
}

/// These parameters are there.
pub fn require(call: &Call<'_, '_>, names: &[&str]) -> Result<()> {
    match names.iter().find(|name| call.param(name).is_none_or(Value::is_empty)) {
        None => Ok(()),
        Some(name) => Err(undefined(name).into()),
    }
}

/// Whether a write comes from the module itself and not from a request.
pub fn is_inner(face: &Face) -> bool {
    face.verbs.is_empty()
}

/// A change names these fields again.
pub fn demand(face: &Face, draft: &Draft<'_>, old: Option<&Row>, names: &[&str]) -> Result<()> {
    if old.is_none() || is_inner(face) {
        return Ok(());
    }
    let missing: Vec<String> =
        names.iter().filter(|name| !draft.is_given(name)).map(|name| (*name).to_owned()).collect();
    if missing.is_empty() { Ok(()) } else { Err((face.faults.required)(&missing).into()) }
}

/// The refusal of a value.
pub fn invalid(face: &Face, name: &str) -> Error {
    (face.faults.invalid)(name).into()
}

/// A refusal without a number of its own.
pub fn refused(text: impl Into<String>) -> Error {
    Fault::numbered(400, 0, text.into()).into()
}

/// An external ID for what has none yet.
pub fn external_id() -> String {
    format!("bx_{}", keys::random_code(13))
}

/// Gives a new row an external ID, unless the request does.
pub fn name(draft: &mut Draft<'_>) {
    if !draft.is_given("xmlId") {
        draft.set("xmlId", external_id());
    }
}

/// Notes when flags change and by whom: each with the fields that say so.
pub fn note(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>, flags: &[[&str; 3]]) {
    for [flag, date, by] in flags {
        if turns(draft, old, flag) {
            sign(call, draft, date, by);
        }
    }
}

/// Notes who made somebody responsible, and when.
pub fn entrust(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) {
    let other = |old: &Row| draft.get("responsibleId") != Some(old.get("responsibleId"));
    if draft.is_given("responsibleId") && old.is_none_or(other) {
        sign(call, draft, "dateResponsibleId", "empResponsibleId");
    }
}

/// Whether a flag is about to change.
pub fn turns(draft: &Draft<'_>, old: Option<&Row>, name: &str) -> bool {
    match (draft.get(name), old) {
        (Some(new), Some(old)) => new != old.get(name),
        (Some(new), None) => *new == Bound::from("Y"),
        (None, _) => false,
    }
}

/// Notes when something changed and by whom, where the request does not say so itself.
pub fn sign(call: &Call<'_, '_>, draft: &mut Draft<'_>, date: &str, by: &str) {
    draft.set_if_empty(date, call.now.seconds());
    if !matches!(draft.get(by), Some(Bound::Int(1..))) {
        draft.set(by, call.caller.user_id);
    }
}

/// Shows what belongs to rows, by the rows.
pub fn shown_by(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    field: &str,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Value>>> {
    let rows = noun::among(call, noun, field, ids)?;
    let maps = noun::show_all(call, noun, face, &rows, false)?;
    let mut by: HashMap<i64, Vec<Value>> = HashMap::new();
    for (row, map) in rows.iter().zip(maps) {
        by.entry(row.int(field).unwrap_or_default()).or_default().push(Value::Map(map));
    }
    Ok(by)
}

/// Shows texts that are empty as such, and not as nothing.
pub fn blank(map: &mut Map, names: &[&'static str]) {
    for name in names {
        if map.get(name) == Some(&Value::Null) {
            map.insert(*name, "");
        }
    }
}

/// Shows a number as text.
pub fn as_text(map: &mut Map, name: &'static str) {
    if let Some(text) = map.get(name).filter(|value| **value != Value::Null).and_then(Value::text) {
        let text = text.into_owned();
        map.insert(name, text);
    }
}

/// An exact number in the smallest units in which rows keep it.
pub fn units(number: Decimal) -> Result<i64> {
    codec::smallest_units(number, DIGITS).ok_or_else(too_large)
}

/// The digits behind the point that rows keep of prices and quantities.
pub const DIGITS: u8 = 4;

/// A sum has no room.
pub fn too_large() -> Error {
    refused("The sum is too large")
}

/// Whether there is a currency of that code.
pub fn require_currency(call: &Call<'_, '_>, face: &Face, draft: &Draft<'_>, name: &str) -> Result<()> {
    match draft.text(name).is_none_or(|code| call.meta.has_currency(code)) {
        true => Ok(()),
        false => Err(invalid(face, name)),
    }
}

/// The users whom a row names are there.
pub fn require_users(call: &mut Call<'_, '_>, face: &Face, draft: &Draft<'_>, names: &[&str]) -> Result<()> {
    for name in names {
        let Some(id) = draft.int(name).filter(|id| *id != 0) else { continue };
        if !directory::exists(call.tx, id)? {
            return Err(invalid(face, name));
        }
    }
    Ok(())
}

/// Shows the number of a file in the place of its description.
pub fn number_of_file(map: &mut Map, name: &'static str) {
    if let Some(id) = map.get(name).and_then(|file| file.get("id")).cloned() {
        map.insert(name, id);
    }
}

/// The settings of the handler with this code; nothing where there is none.
pub fn settings(call: &mut Call<'_, '_>, handlers: &Noun, code: &Bound<'_>) -> Result<Json> {
    let sql = format!("SELECT settings FROM {} WHERE code = ?", handlers.table);
    let found = call.tx.one(&sql, &[code.borrowed()], |row| Ok(row.opt_text(0)?.map(str::to_owned)))?;
    Ok(found.flatten().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
