//! `crm.item.*`: the same entities by their number, in camelCase and with typed values (protocol 5.3, 6).

use std::sync::Arc;

use serde_json::json;
use wire::order::Invalid;
use wire::{Fault, Map, Value, filter, order, select};

use super::seed::{ALIASES, Alias};
use super::{SCOPE, items};
use engine::call::Call;
use engine::entity::filter::Unknown;
use engine::entity::read::{self, Query};
use engine::entity::{Entity, Naming, describe};
use engine::error::{Error, Result};
use engine::method::{Kind, Method, Param, optional, read, required, write};

/// The type of companies.
const COMPANY: i64 = 4;

/// Groups within groups that a filter may have.
const FILTER_DEPTH: usize = 16;

pub(super) const TYPE: Param = required(
    "entityTypeId",
    Kind::Int,
    "Type of the item: 1 lead, 2 deal, 3 contact, 4 company, 7 quote, 31 invoice",
);
const ID: Param = required("id", Kind::Int, "ID of the item");
pub(super) const ORIGINAL: Param =
    optional("useOriginalUfNames", Kind::Flag, "Y names custom fields UF_CRM_.. instead of ufCrm..");

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = || optional("fields", Kind::Fields, "Values by field; see crm.item.fields");
    vec![
        write("crm.item.add", SCOPE, add)
            .controller()
            .about("Adds an item of the given type and returns it.")
            .param(TYPE)
            .param(fields())
            .param(ORIGINAL)
            .example(
                json!({"entityTypeId": 2, "fields": {"title": "Twelve chairs", "opportunity": 1200.5}}),
                json!({"item": {"title": "Twelve chairs", "opportunity": 1200.5, "stageId": "NEW"}}),
            ),
        read("crm.item.get", SCOPE, get)
            .controller()
            .about("Returns an item of the given type.")
            .param(TYPE)
            .param(ID)
            .param(ORIGINAL)
            .example(json!({"entityTypeId": 1, "id": 1}), json!({"item": {"id": 1}})),
        read("crm.item.list", SCOPE, list)
            .controller()
            .about("Lists items of the given type by filter, 50 per page.")
            .param(TYPE)
            .param(optional("select", Kind::Select, "Fields to return; * returns all"))
            .param(optional("filter", Kind::Filter, "Conditions by field, with comparison prefixes and groups joined by logic"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .param(ORIGINAL)
            .example(
                json!({"entityTypeId": 1, "filter": {"0": {"logic": "OR", "0": {"id": 1}, "1": {"id": 2}}}, "select": ["id"]}),
                json!({"items": [{"id": 1}, {"id": 2}]}),
            ),
        write("crm.item.update", SCOPE, update)
            .controller()
            .about("Updates the given fields of an item and returns it.")
            .param(TYPE)
            .param(ID)
            .param(fields())
            .param(ORIGINAL)
            .example(
                json!({"entityTypeId": 1, "id": 1, "fields": {"title": "Renamed"}}),
                json!({"item": {"id": 1, "title": "Renamed"}}),
            ),
        write("crm.item.delete", SCOPE, delete)
            .controller()
            .about("Deletes an item together with everything that belongs to it.")
            .param(TYPE)
            .param(ID)
            .example(json!({"entityTypeId": 1, "id": 1}), json!([])),
        read("crm.item.fields", SCOPE, fields_of)
            .controller()
            .about("Describes the fields of items of the given type.")
            .param(TYPE)
            .param(ORIGINAL)
            .example(json!({"entityTypeId": 1}), json!({"fields": {"id": {"type": "integer", "upperName": "ID"}}})),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let fields = call.fields("fields");
    if call.settings.strict {
        crate::strict::name(&entity, naming, &fields)?;
    }
    let id = items::add(call, &entity, naming, &fields)?;
    item(call, &entity, naming, id)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let id = call.id("id");
    item(call, &entity, naming, id)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let query = query(call, FILTER_DEPTH)?;
    if call.settings.strict {
        engine::strict::query(&entity, naming, &query)?;
    }
    let mut items = read::list(call, &entity, naming, &query)?;
    if query.select.is_empty() || query.select.iter().any(|name| name == "*") {
        items.iter_mut().for_each(|item| complete(&entity, item));
    }
    Ok(Value::under("items", items))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let (id, fields) = (call.id("id"), call.fields("fields"));
    if !items::update(call, &entity, naming, id, &fields)? {
        return Err(not_found());
    }
    item(call, &entity, naming, id)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let id = call.id("id");
    if items::delete(call, &entity, naming, id)? { Ok(Value::List(Vec::new())) } else { Err(not_found()) }
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let mut fields = describe::descriptors(call, &entity, naming);
    if let Value::Map(fields) = &mut fields {
        let yes = Value::Bool(true);
        let own = [
            ("isMyCompany", yes.clone()),
            ("parentEntityTypeId", COMPANY.into()),
            ("isEmbeddedEditorEnabled", yes),
        ];
        describe::correct(fields, "mycompanyId", "settings", Map::from(own));
    }
    Ok(Value::under("fields", fields))
}

/// The entity that is meant, and how its user fields are called.
pub(super) fn target(call: &Call<'_, '_>) -> Result<(Arc<Entity>, Naming)> {
    let original = call.flag("useOriginalUfNames");
    let naming = if original { Naming::ItemOriginalUf } else { Naming::Item };
    let entity = read::entity_by_type(call, call.id("entityTypeId"))?;
    if entity.is_universal() {
        return Ok((entity, naming));
    }
    let text = format!("Entity type {} is not supported", entity.code);
    Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into())
}

/// `{"item": {..}}`
fn item(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, id: i64) -> Result<Value> {
    let mut found = Value::Map(read::get(call, entity, naming, id)?.ok_or_else(not_found)?);
    complete(entity, &mut found);
    Ok(Value::under("item", found))
}

/// Adds what an item shows that is no field: the shortcuts to its phones and e-mail addresses, and its type.
fn complete(entity: &Entity, item: &mut Value) {
    let shortcuts: Vec<(&str, Value)> = match item.get("fm") {
        Some(fm) => ALIASES.iter().map(|alias| (alias.name, first_value(alias, fm))).collect(),
        None => Vec::new(),
    };
    let Value::Map(item) = item else { return };
    for (name, value) in shortcuts {
        item.push(name, value);
    }
    item.push("entityTypeId", entity.type_id);
}

/// The first value that a shortcut means among an item's `fm`; empty when there is none.
fn first_value(alias: &Alias, fm: &Value) -> Value {
    let is = |item: &Value, key: &str, wanted: &str| item.get(key).and_then(Value::as_str) == Some(wanted);
    let meant = |item: &&Value| {
        is(item, "typeId", alias.type_id)
            && alias.value_type.is_none_or(|wanted| is(item, "valueType", wanted))
    };
    fm.items().find(meant).and_then(|item| item.get("value").cloned()).unwrap_or_else(|| "".into())
}

fn not_found() -> Error {
    Fault::new(400, "NOT_FOUND", "Item not found").into()
}

/// What a list is asked for: groups of conditions, so many deep at most, and nothing that the table does not have.
pub(super) fn query(call: &Call<'_, '_>, depth: usize) -> Result<Query> {
    let nothing = Value::Null;
    let param = |name| call.param(name).unwrap_or(&nothing);
    Ok(Query {
        filter: filter::parse_nested(param("filter"), depth)?,
        order: order::parse(param("order")).map_err(bad_order)?,
        select: select::parse(param("select")),
        unknown: Unknown::Refused,
    })
}

fn bad_order(invalid: Invalid) -> Error {
    let text = match invalid {
        Invalid::NotAnArray => "Invalid order: an object of fields and directions is expected".to_owned(),
        Invalid::Direction { field, given } => format!(
            "Invalid order: allowed sort directions are `ASC, DESC`. But got '{given}' for field '{field}'"
        ),
    };
    Fault::invalid_value(text).into()
}
