//! `crm.lead.*`, `crm.deal.*`, `crm.contact.*`, `crm.company.*` and `crm.quote.*`: one set of functions for all of them.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::json;
use wire::{Fault, Value};

use super::{SCOPE, items};
use engine::call::Call;
use engine::entity::read;
use engine::entity::{Entity, Field, Kind as FieldKind, Naming, Place, describe};
use engine::error::Result;
use engine::event::{Event, event};
use engine::method::{Kind, Method, Param, optional, read as reading, required, write};
use engine::query;

/// The one entity whose `add` must be given fields.
const QUOTE: i64 = 7;

/// Whether an entity has methods of its own, in upper case; others have `crm.item.*` only.
pub fn is_spoken_of(entity: &Entity) -> bool {
    entity.field("ID").is_some_and(|id| id.legacy)
}

/// The methods of one entity.
pub fn methods(entity: &Entity) -> Vec<Method> {
    let id = entity.type_id;
    let name = |verb: &str| format!("crm.{}.{verb}", entity.name);
    let (one, many) = (entity.title.to_lowercase(), entity.plural.clone());
    let about = "Values by field; see the corresponding fields method";
    let fields = |adding| optional("fields", Kind::Fields, about).with_members(members(entity, adding));
    let whole = || match id {
        QUOTE => Param { required: true, ..fields(true).or_complain("Parameter 'fields' must be array.") },
        _ => fields(true),
    };
    let params = || optional("params", Kind::Any, "Accepted for compatibility: REGISTER_SONET_EVENT, ..");
    vec![
        write(name("add"), SCOPE, move |call| add(call, id))
            .about(format!("Adds a {one} and returns its ID."))
            .param(whole())
            .param(params())
            .example(json!({"fields": sample(id)}), json!("*")),
        reading(name("get"), SCOPE, move |call| get(call, id))
            .about(format!("Returns a {one} with all its fields."))
            .param(required("id", Kind::Id, "ID of the item"))
            .example(json!({"id": 1}), json!({"ID": "1", "ASSIGNED_BY_ID": "*"})),
        reading(name("list"), SCOPE, move |call| list(call, id))
            .about(format!("Lists {many} by filter, 50 per page."))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("select", Kind::Select, "Fields to return; the masks * and UF_* are allowed"))
            .param(optional(
                "start",
                Kind::Int,
                "Offset of the first row, a multiple of 50; -1 skips counting the total",
            ))
            .example(
                json!({"order": {"ID": "ASC"}, "filter": {"<=ID": 1}, "select": ["ID"]}),
                json!([{"ID": "1"}]),
            ),
        write(name("update"), SCOPE, move |call| update(call, id))
            .about(format!("Updates the given fields of a {one}."))
            .param(required("id", Kind::Id, "ID of the item"))
            .param(fields(false))
            .param(params())
            .example(json!({"id": 1, "fields": {"COMMENTS": "Called back"}}), json!(true)),
        write(name("delete"), SCOPE, move |call| delete(call, id))
            .about(format!("Deletes a {one} together with everything that belongs to it."))
            .param(required("id", Kind::Id, "ID of the item"))
            .example(json!({"id": 1}), json!(true)),
        reading(name("fields"), SCOPE, move |call| fields_of(call, id))
            .about(format!("Describes the fields of a {one}."))
            .example(json!({}), json!({"ID": {"type": "integer", "isReadOnly": true}})),
    ]
}

/// The fields that a request may give, but for those that people add.
fn members(entity: &Entity, adding: bool) -> Vec<Param> {
    let open = |field: &&Field| {
        let is_given = !field.read_only && (adding || !field.immutable);
        field.legacy && is_given && field.user.is_none() && field.place != Place::Nowhere
    };
    entity.fields.iter().filter(open).map(member).collect()
}

fn member(field: &Field) -> Param {
    let part = |name, about| optional(name, Kind::Text, about);
    let param = match field.kind {
        _ if field.place == Place::Multifield => optional("", Kind::List, "").with_members(vec![
            optional("ID", Kind::Int, "ID of the value to change or delete"),
            part("VALUE", "Phone number, address or the like; empty to delete it"),
            part("VALUE_TYPE", "Type of the value: WORK, HOME, MOBILE, .."),
        ]),
        _ if field.multiple || matches!(field.place, Place::Binding(_)) => optional("", Kind::List, ""),
        FieldKind::Link(_) | FieldKind::Category => optional("", Kind::Int, ""),
        FieldKind::Choice(choices) => optional("", Kind::Text, "").one_of(choices),
        kind => optional("", kind.of_param(), ""),
    };
    let about = match field.title {
        Cow::Borrowed(title) => title,
        Cow::Owned(_) => "",
    };
    Param { name: field.code.clone(), about, ..param }
}

/// The events of one entity.
pub fn events(entity: &Entity) -> Vec<Event> {
    let one = entity.title.to_lowercase();
    let about = |verb: &str, done: &str| {
        event(entity.event(verb), SCOPE, format!("A {one} was {done}."), json!({"FIELDS": {"ID": 1}}))
    };
    let mut events = vec![about("ADD", "added"), about("UPDATE", "updated"), about("DELETE", "deleted")];
    if entity.has_categories {
        let data = json!({"FIELDS": {"ID": 1, "CATEGORY_ID": 1, "STAGE_ID": "C1:NEW"}});
        let moved = format!("A {one} was moved to another pipeline. Follows the update event.");
        events.push(event(entity.event(items::MOVED), SCOPE, moved, data));
    }
    events
}

/// Fields for an example of `add`.
fn sample(type_id: i64) -> serde_json::Value {
    match type_id {
        1 => {
            json!({"TITLE": "Website enquiry", "NAME": "Ada", "PHONE": [{"VALUE": "+4930111", "VALUE_TYPE": "WORK"}]})
        }
        2 => json!({"TITLE": "Twelve chairs", "OPPORTUNITY": 1200, "CURRENCY_ID": "EUR", "CONTACT_ID": 1}),
        3 => {
            json!({"NAME": "Ada", "LAST_NAME": "Berg", "EMAIL": [{"VALUE": "ada@example.com", "VALUE_TYPE": "WORK"}]})
        }
        7 => {
            json!({"TITLE": "Offer for twelve chairs", "OPPORTUNITY": 1200, "CURRENCY_ID": "EUR", "COMPANY_ID": 1})
        }
        _ => json!({"TITLE": "Berg & Co", "WEB": [{"VALUE": "https://example.com", "VALUE_TYPE": "WORK"}]}),
    }
}

fn entity(call: &Call<'_, '_>, type_id: i64) -> Arc<Entity> {
    call.entity(type_id).expect("the classic entities are always there")
}

fn add(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (entity, fields) = (entity(call, type_id), call.fields("fields"));
    if call.settings.strict {
        crate::strict::name(&entity, Naming::Legacy, &fields)?;
    }
    Ok(items::add(call, &entity, Naming::Legacy, &fields)?.into())
}

fn get(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let id = call.id("id");
    let found = read::get(call, &entity(call, type_id), Naming::Legacy, id)?;
    found.map(Value::Map).ok_or_else(|| Fault::crm("Not found").into())
}

fn list(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let entity = entity(call, type_id);
    let query = query::legacy(call, &entity)?;
    Ok(read::list(call, &entity, Naming::Legacy, &query)?.into())
}

fn update(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (id, fields) = (call.id("id"), call.fields("fields"));
    let missing = match type_id {
        3 => "Contact is not found",
        4 => "Company is not found",
        7 => "Quote is not found",
        _ => "Not found",
    };
    match items::update(call, &entity(call, type_id), Naming::Legacy, id, &fields)? {
        true => Ok(true.into()),
        false => Err(Fault::crm(missing).into()),
    }
}

fn delete(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let id = call.id("id");
    match items::delete(call, &entity(call, type_id), Naming::Legacy, id)? {
        true => Ok(true.into()),
        // The entities whose deletion goes through another layer of the real system (protocol 3.6).
        false if [3, 7].contains(&type_id) => Err(Fault::core("Element not found").into()),
        false if type_id == 4 => Err(Fault::crm("Company is not found").into()),
        false => Err(Fault::crm("Not found").into()),
    }
}

fn fields_of(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    Ok(describe::descriptors(call, &entity(call, type_id), Naming::Legacy))
}
