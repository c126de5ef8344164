//! The methods that are no faces: adding and changing lists with those on them.

use std::collections::HashSet;
use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::read::reach;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::members::{FIRST, MEMBER};
use super::{FACE, LIST};
use crate::{SCOPE, activity};

/// Those that may be on one list: a bound that nobody calls through.
const MOST: usize = 5000;

const KIND: Parameter = required("ENTITY_TYPE", Kind::Text, "CONTACT or COMPANY");
const ENTITIES: Parameter = required("ENTITIES", Kind::List, "IDs of those to be called");
const FORM: Parameter = optional("WEBFORM_ID", Kind::Int, "CRM form to be filled in while calling");
const LIST_ID: Parameter = required("LIST_ID", Kind::Int, "ID of the call list");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("crm.calllist.add", SCOPE, add)
            .own_words()
            .about("Adds a call list of contacts or companies with its activity, and returns its ID.")
            .param(KIND)
            .param(ENTITIES)
            .param(FORM)
            .example(json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [1, 2]}), json!("*")),
        write("crm.calllist.update", SCOPE, update)
            .own_words()
            .about("Replaces those on a call list; who stays keeps the status.")
            .param(LIST_ID)
            .param(KIND)
            .param(ENTITIES)
            .param(FORM)
            .example(json!({"LIST_ID": 1, "ENTITY_TYPE": "CONTACT", "ENTITIES": [2, 3]}), json!(true)),
        read("crm.calllist.items.get", SCOPE, items)
            .own_words()
            .about("Lists those on a call list that the caller may see, with their status.")
            .param(LIST_ID)
            .param(optional("FILTER", Kind::Filter, "STATUS: only those with this status"))
            .example(json!({"LIST_ID": 1}), json!([{"ID": 1, "STATUS": "IN_WORK", "ENTITY_TYPE": 3}, {}])),
        read("crm.calllist.statuslist", SCOPE, |call| Ok(statuses(call)))
            .about("Lists the statuses of those on call lists.")
            .example(json!({}), json!([{"STATUS_ID": "IN_WORK"}, {}, {}, {}])),
    ]
}

fn refusal(code: &'static str, text: &'static str) -> Fault {
    Fault::new(400, code, text)
}

/// A parameter that must be there.
fn needed<'c>(call: &'c Call<'_, '_>, name: &str) -> Result<&'c Value> {
    let found = call.param(name).filter(|value| **value != Value::Null && value.as_str() != Some(""));
    found.ok_or_else(|| Fault::new(400, "ERROR_ARGUMENT", format!("{name} is not found")).into())
}

/// The kind of those on a list; `wrong` is the complaint about another one.
fn kind(call: &Call<'_, '_>, wrong: &'static str) -> Result<Arc<Entity>> {
    let word = needed(call, "ENTITY_TYPE")?.text().unwrap_or_default().to_ascii_lowercase();
    let found =
        matches!(word.as_str(), "contact" | "company").then(|| call.meta.entity_named(&word)).flatten();
    found.ok_or_else(|| refusal("ENTITY_TYPE_ERROR", wrong).into())
}

/// Those that a request names and the caller may read, each once and in their order.
fn called(call: &mut Call<'_, '_>, kind: &Entity, wrong: Fault, denied: &'static str) -> Result<Vec<i64>> {
    let given = needed(call, "ENTITIES")?;
    if !given.is_array() {
        return Err(refusal("ENTITIES_ERROR", "Entities is not array").into());
    }
    let mut seen = HashSet::new();
    let ids: Vec<i64> =
        given.items().filter_map(Value::as_int).filter(|id| *id > 0 && seen.insert(*id)).collect();
    if ids.is_empty() || ids.len() > MOST {
        return Err(wrong.into());
    }
    let mut readable = HashSet::new();
    for part in ids.chunks(500) {
        let mut params: Vec<Param<'static>> = part.iter().map(|id| Param::from(*id)).collect();
        let within = reach(call, kind, Act::Read).condition(&mut params);
        let within = within.map_or_else(String::new, |condition| format!(" AND {condition}"));
        let sql = format!(
            "SELECT t.id FROM {} t WHERE t.id IN ({}){within}",
            kind.table(),
            store::placeholders(part.len())
        );
        call.tx.query(&sql, &params, |row| {
            readable.insert(row.int(0)?);
            Ok(())
        })?;
    }
    let left: Vec<i64> = ids.into_iter().filter(|id| readable.contains(id)).collect();
    if left.is_empty() { Err(Fault::new(403, "ACCESS_ERROR", denied).into()) } else { Ok(left) }
}

/// The form that a request names; nothing here has forms, so any number may be one.
fn form(call: &Call<'_, '_>) -> Result<Option<i64>> {
    match call.param("WEBFORM_ID").filter(|given| !given.is_empty()) {
        None => Ok(None),
        Some(given) => match given.as_int().filter(|form| *form >= 0) {
            Some(form) => Ok(Some(form)),
            None => Err(refusal("WEBFORM_ERROR", "Incorrect webform id").into()),
        },
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let kind = kind(call, "Incorrect entity type")?;
    let wrong = refusal("ENTITY_ERROR", "Incorrect entities id");
    let ids = called(call, &kind, wrong, "You don't have access to these entities")?;
    let mut given = Map::with_capacity(2);
    given.push("ENTITY_TYPE_ID", kind.type_id);
    given.push("WEBFORM_ID", form(call)?.unwrap_or(0));
    let list = noun::add(call, &LIST, &FACE, &given)?.number;
    put(call, &kind, list, &ids)?;
    let activity = activity::stand_for_call_list(call, &kind, list, &ids)?;
    call.tx
        .execute("UPDATE crm_call_list SET activity_id = ? WHERE id = ?", &[activity.into(), list.into()])?;
    Ok(list.into())
}

fn put(call: &mut Call<'_, '_>, kind: &Entity, list: i64, ids: &[i64]) -> Result<()> {
    let sql =
        "INSERT INTO crm_call_list_member (list_id, entity_type_id, entity_id, status) VALUES (?, ?, ?, ?)";
    for id in ids {
        call.tx.execute(sql, &[list.into(), kind.type_id.into(), (*id).into(), FIRST.into()])?;
    }
    Ok(())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    needed(call, "LIST_ID")?;
    let kind = kind(call, "EntityType is incorrect")?;
    let wrong = refusal("ENTITIES_ERROR", "Incorrect entities id");
    let ids = called(call, &kind, wrong, "Access Denied")?;
    let form = form(call)?;
    let row = find(call, Act::Update)?
        .ok_or_else(|| refusal("LIST_ID_ERROR", "Incorrect list id or access denied"))?;
    if row.int("entityTypeId") != Some(kind.type_id) {
        let text = "Discrepancy between the type of call participants and incoming type";
        return Err(refusal("ENTITY_TYPE_ERROR", text).into());
    }
    let mut there = HashSet::new();
    let sql = "SELECT entity_id FROM crm_call_list_member WHERE list_id = ?";
    call.tx.query(sql, &[row.number.into()], |row| {
        there.insert(row.int(0)?);
        Ok(())
    })?;
    let wanted: HashSet<i64> = ids.iter().copied().collect();
    for gone in there.difference(&wanted) {
        let sql = "DELETE FROM crm_call_list_member WHERE list_id = ? AND entity_id = ?";
        call.tx.execute(sql, &[row.number.into(), (*gone).into()])?;
    }
    let new: Vec<i64> = ids.into_iter().filter(|id| !there.contains(id)).collect();
    put(call, &kind, row.number, &new)?;
    if let Some(form) = form {
        let mut given = Map::with_capacity(1);
        given.push("WEBFORM_ID", form);
        noun::update(call, &LIST, &FACE, &[row.number.into()], &given)?;
    }
    Ok(true.into())
}

/// The list that a request names.
fn find(call: &mut Call<'_, '_>, act: Act) -> Result<Option<Row>> {
    let id = call.id("LIST_ID");
    let scope = LIST.grant(call, act)?;
    noun::one(call, &LIST, &scope, id)
}

fn items(call: &mut Call<'_, '_>) -> Result<Value> {
    if needed(call, "LIST_ID")?.as_int().is_none_or(|id| id <= 0) {
        return Err(refusal("LIST_ID_ERROR", "List id should be positive").into());
    }
    let status =
        call.fields("FILTER").get_any_case("STATUS").and_then(Value::text).map(std::borrow::Cow::into_owned);
    if let Some(status) = &status
        && !call.meta.dictionary("CALL_LIST").any(|known| known.status_id == *status)
    {
        return Err(refusal("STATUS_ERROR", "Incorrect status").into());
    }
    let list = find(call, Act::Read)?.ok_or_else(|| refusal("LIST_ID_ERROR", "Call list is not found"))?;
    let scope = MEMBER.grant(call, Act::Read)?;
    let mut conditions = vec![("listId", Param::from(list.number))];
    let all = noun::rows(call, &MEMBER, &scope, &conditions)?;
    if all.is_empty() {
        let text = "You do not have access to the participants of this call list";
        return Err(Fault::new(403, "ACCESS_ERROR", text).into());
    }
    conditions.extend(status.map(|status| ("status", status.into())));
    let rows = noun::rows(call, &MEMBER, &scope, &conditions)?;
    Ok(rows.iter().map(show).collect::<Vec<_>>().into())
}

fn show(row: &Row) -> Value {
    let mut map = Map::with_capacity(3);
    map.push("ID", row.int("entityId"));
    map.push("STATUS", row.text("status"));
    map.push("ENTITY_TYPE", row.int("entityTypeId"));
    Value::Map(map)
}

fn statuses(call: &Call<'_, '_>) -> Value {
    let shown = call.meta.dictionary("CALL_LIST").map(|status| {
        let mut map = Map::with_capacity(4);
        map.push("ID", status.id);
        map.push("NAME", crate::seeding::shown_name(call, &status.name));
        map.push("SORT", status.sort);
        map.push("STATUS_ID", status.status_id.clone());
        Value::Map(map)
    });
    shown.collect::<Vec<_>>().into()
}
