//! `crm.{lead,deal,contact,company}.userfield.*` and `crm.userfield.*`: fields that people add themselves.
//! Those of users are added the same way, under `user.userfield.*`.

mod change;
mod choices;
mod event;
mod labels;
mod settings;

use std::sync::{Arc, LazyLock};

use serde_json::json;
use wire::filter::Filter;
use wire::order::Direction;
use wire::{Fault, Map, Text, Value};

use super::given::letter;
use super::{SCOPE, query};
use crate::access::Act;
use crate::call::Call;
use crate::entity::read;
use crate::entity::table::{self, Extent};
use crate::entity::{Entity, Field, Kind, Naming};
use crate::error::Result;
use crate::method::{self, Method, optional, read as reading, required, write};
use crate::texts::{Language, Topic};
use crate::user;

pub(super) use event::events;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods: Vec<Method> = super::entities().iter().flat_map(of_entity).collect();
    methods.extend(of_all());
    methods
}

fn of_entity(entity: &Entity) -> Vec<Method> {
    let type_id = entity.type_id;
    let name = |verb: &str| format!("crm.{}.userfield.{verb}", entity.name);
    let many = entity.plural;
    let id = || required("id", method::Kind::Id, "ID of the field");
    let fields =
        || required("fields", method::Kind::Fields, "Settings of the field; see crm.userfield.fields");
    // The demo portal has one field on each entity, numbered like the entities.
    vec![
        write(name("add"), SCOPE, move |call| add(call, type_id))
            .about(format!("Adds a custom field for {many} and returns its ID."))
            .param(fields())
            .example(
                json!({"fields": {"FIELD_NAME": "COLOUR", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "Red"}, {"VALUE": "Blue"}]}}),
                json!("*"),
            ),
        reading(name("get"), SCOPE, move |call| get(call, type_id))
            .about(format!("Returns a custom field of {many}."))
            .param(id())
            .example(json!({"id": type_id}), json!({"FIELD_NAME": "UF_CRM_REGION", "USER_TYPE_ID": "string"})),
        reading(name("list"), SCOPE, move |call| list(call, type_id))
            .about(format!("Lists the custom fields of {many} by filter, without paging."))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field; LANG selects the language of the labels"))
            .example(
                json!({"filter": {"LANG": "en"}}),
                json!([{"ID": type_id.to_string(), "EDIT_FORM_LABEL": "Region"}]),
            ),
        write(name("update"), SCOPE, move |call| update(call, type_id))
            .about(format!("Updates a custom field of {many}. Its code, type and multiplicity cannot change."))
            .param(id())
            .param(fields())
            .example(json!({"id": type_id, "fields": {"MANDATORY": "N", "EDIT_FORM_LABEL": "Area"}}), json!(true)),
        write(name("delete"), SCOPE, move |call| delete(call, type_id))
            .lengthy()
            .about(format!("Deletes a custom field of {many} together with its values."))
            .param(id())
            .example(json!({"id": type_id}), json!(true)),
    ]
}

fn of_all() -> Vec<Method> {
    vec![
        reading("crm.userfield.types", SCOPE, types)
            .about("Lists the types of custom fields.")
            .example(json!({}), json!("*")),
        reading("crm.userfield.fields", SCOPE, |call| Ok(about(&FIELDS, call.language)))
            .about("Describes the settings of a custom field.")
            .example(json!({}), json!({"FIELD_NAME": {"type": "string", "isImmutable": true}})),
        reading("crm.userfield.enumeration.fields", SCOPE, |call| Ok(about(&CHOICE, call.language)))
            .about("Describes a list value of a custom field of the type enumeration.")
            .example(json!({}), json!({"DEL": {"type": "string"}})),
        reading("crm.userfield.settings.fields", SCOPE, about_settings)
            .about("Describes the settings of a type of custom fields.")
            .param(
                required("type", method::Kind::Text, "Type of the custom field")
                    .or_complain("Parameter 'type' is not specified or empty."),
            )
            .example(
                json!({"type": "double"}),
                json!({"DEFAULT_VALUE": {"type": "double"}, "PRECISION": {"type": "int"}}),
            ),
    ]
}

/// The fields' table, as filters see it.
fn described() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let text = |code| Field::new(code, Kind::String, "");
        let flag = |code| Field::new(code, Kind::Char, "");
        let fields = vec![
            Field::new("ID", Kind::Integer, ""),
            text("FIELD_NAME"),
            text("USER_TYPE_ID"),
            text("XML_ID"),
            Field::new("SORT", Kind::Integer, ""),
            flag("MULTIPLE"),
            flag("MANDATORY"),
            text("SHOW_FILTER"),
            flag("SHOW_IN_LIST"),
            flag("EDIT_IN_LIST"),
            flag("IS_SEARCHABLE"),
        ];
        table::described("crm_user_field", "User field", fields)
    });
    &TABLE
}

pub(crate) fn add(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let (entity, fields) = (entity(call, type_id), call.fields("fields"));
    Ok(change::add(call, &entity, &fields)?.into())
}

fn get(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    require_reader(call, type_id)?;
    let (entity, field) = find(call, type_id, call.id("id"))?;
    let label = |kind: &str| field.user.as_ref().map(|user| labels::show_all(&user.labels, kind));
    Ok(show(&entity, &field, label))
}

pub(crate) fn list(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    require_reader(call, type_id)?;
    let nothing = Value::Null;
    let asked = call.param("filter").unwrap_or(&nothing);
    let language = asked.get("LANG").and_then(Value::text).map(std::borrow::Cow::into_owned);
    let mut query = query::legacy(call, described())?;
    if let Filter::All(tests) = &mut query.filter {
        tests.retain(|test| !matches!(test, Filter::Test { field, .. } if field == "LANG"));
    }
    if query.order.is_empty() {
        query.order.push((Text::const_new("SORT"), Direction::Asc));
    }
    let within = ("t.entity_type_id = ?".to_owned(), vec![type_id.into()]);
    let ids = table::ids(call, described(), Naming::Legacy, &query, Some(within), Extent::Whole)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let (entity, field) = find(call, type_id, id)?;
        rows.push(show(&entity, &field, |kind| {
            let labels = &field.user.as_ref()?.labels;
            language.as_ref().map(|language| labels::show_one(labels, kind, language).into())
        }));
    }
    Ok(rows.into())
}

pub(crate) fn update(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let found = find(call, type_id, call.id("id"))?;
    let fields = call.fields("fields");
    change::update(call, found, &fields)?;
    Ok(true.into())
}

pub(crate) fn delete(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let found = find(call, type_id, call.id("id"))?;
    change::delete(call, found)?;
    Ok(true.into())
}

fn entity(call: &Call<'_, '_>, type_id: i64) -> Arc<Entity> {
    call.meta.fielded(type_id).expect("users and the four classic entities are always there")
}

/// What user fields call what they belong to: `CRM_LEAD`, `USER`.
fn object(entity: &Entity) -> String {
    if entity.type_id == user::TYPE_ID { "USER".to_owned() } else { format!("CRM_{}", entity.code) }
}

/// How the names of user fields begin.
fn prefix(entity: &Entity) -> &'static str {
    if entity.type_id == user::TYPE_ID { "UF_USR_" } else { "UF_CRM_" }
}

/// Fields are there for everybody who may see an item that has them; those of users for administrators.
fn require_reader(call: &Call<'_, '_>, type_id: i64) -> Result<()> {
    if type_id == user::TYPE_ID {
        return call.require_admin();
    }
    match read::reach(call, &entity(call, type_id), Act::Read).is_nothing() {
        true => Err(Fault::crm("Access denied.").into()),
        false => Ok(()),
    }
}

/// A user field by its number.
fn find(call: &Call<'_, '_>, type_id: i64, id: i64) -> Result<(Arc<Entity>, Field)> {
    let entity = entity(call, type_id);
    let mine = |field: &&Field| field.user.as_ref().is_some_and(|user| user.id == id);
    match entity.fields.iter().find(mine).cloned() {
        Some(field) => Ok((entity, field)),
        None => Err(Fault::not_found(format!("The entity with ID '{id}' is not found.")).into()),
    }
}

/// A field as `get` and `list` show it; labels that `label` leaves out are not shown.
fn show(entity: &Entity, field: &Field, label: impl Fn(&str) -> Option<Value>) -> Value {
    let Some(user) = &field.user else { return Value::Null };
    let mut map = Map::with_capacity(19);
    map.push("ID", user.id.to_string());
    map.push("ENTITY_ID", object(entity));
    map.push("FIELD_NAME", field.code.as_ref());
    map.push("USER_TYPE_ID", user.user_type_id.as_str());
    map.push("XML_ID", user.xml_id.as_deref());
    map.push("SORT", user.sort.to_string());
    map.push("MULTIPLE", letter(field.multiple));
    map.push("MANDATORY", letter(field.required));
    map.push("SHOW_FILTER", user.show_filter.as_str());
    map.push("SHOW_IN_LIST", letter(user.show_in_list));
    map.push("EDIT_IN_LIST", letter(user.edit_in_list));
    map.push("IS_SEARCHABLE", letter(user.is_searchable));
    map.push("SETTINGS", Value::from(user.settings.clone()));
    for kind in labels::KINDS {
        if let Some(label) = label(kind) {
            map.push(kind, label);
        }
    }
    if field.kind == Kind::Enumeration {
        map.push("LIST", choices::show(&user.choices));
    }
    Value::Map(map)
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let language = call.language;
    let show = |known: &settings::Type| {
        let mut map = Map::with_capacity(2);
        map.push("ID", known.id);
        map.push("title", language.text(Topic::Fields, known.title));
        Value::Map(map)
    };
    Ok(settings::TYPES.iter().map(show).collect::<Vec<_>>().into())
}

fn about_settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let known = call.text("type").and_then(|id| settings::find(&id));
    Ok(known.map_or_else(|| Value::List(Vec::new()), |known| known.describe(call.language)))
}

/// What `crm.userfield.fields` says: name, type, title and a remark.
const FIELDS: [(&str, &str, &str, &str); 19] = [
    ("ID", "int", "ID", "isReadOnly"),
    ("ENTITY_ID", "string", "Item type", "isImmutable"),
    ("FIELD_NAME", "string", "Code", "isImmutable"),
    ("USER_TYPE_ID", "string", "Type", "isImmutable"),
    ("XML_ID", "string", "External code", ""),
    ("SORT", "int", "Sort index", ""),
    ("MULTIPLE", "char", "Multiple", ""),
    ("MANDATORY", "char", "Required", ""),
    ("SHOW_FILTER", "char", "Show in filters", ""),
    ("SHOW_IN_LIST", "char", "Show in lists", ""),
    ("EDIT_IN_LIST", "char", "Users may edit it", ""),
    ("IS_SEARCHABLE", "char", "Searchable", ""),
    ("EDIT_FORM_LABEL", "string", "Form label", ""),
    ("LIST_COLUMN_LABEL", "string", "List label", ""),
    ("LIST_FILTER_LABEL", "string", "Filter label", ""),
    ("ERROR_MESSAGE", "string", "Error message", ""),
    ("HELP_MESSAGE", "string", "Help text", ""),
    ("LIST", "uf_enum_element", "List values", "isMultiple"),
    ("SETTINGS", "object", "Type settings", ""),
];

/// The same for a choice of an enumeration.
const CHOICE: [(&str, &str, &str, &str); 5] = [
    ("ID", "int", "ID", "isReadOnly"),
    ("SORT", "int", "Sort index", ""),
    ("VALUE", "string", "Text", ""),
    ("DEF", "string", "Selected by default", ""),
    ("DEL", "string", "Delete", ""),
];

fn about(rows: &[(&str, &str, &str, &str)], language: Language) -> Value {
    let show = |(name, kind, title, remark): &(&str, &str, &str, &str)| {
        let mut map = Map::with_capacity(3);
        map.push("type", *kind);
        map.push("title", language.text(Topic::Fields, title));
        if !remark.is_empty() {
            map.push(*remark, true);
        }
        ((*name).into(), Value::Map(map))
    };
    rows.iter().map(show).collect::<Map>().into()
}
