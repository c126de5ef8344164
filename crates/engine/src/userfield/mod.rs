//! User fields: fields that people add themselves. What methods of every product do with them is the same and stands here;
//! a product declares the methods.

pub mod base;
mod change;
mod choices;
pub mod config;
pub mod copy;
mod declare;
mod event;
mod labels;
mod names;
pub mod types;

use std::sync::{Arc, LazyLock};

use wire::filter::Filter;
use wire::order::Direction;
use wire::{Fault, Map, Text, Value};

use crate::call::Call;
use crate::entity::table::{self, Extent};
use crate::entity::userfield::UserField;
use crate::entity::{Entity, Field, Kind, Naming};
use crate::error::Result;
use crate::input::yes_no;
use crate::query;
use crate::texts::{Locale, Topic};

pub use change::forget;
pub use declare::{Managed, methods};
pub use event::events;
pub use types::Type;

/// Refuses callers who may not know of a table's user fields.
pub type MayRead = Arc<dyn Fn(&mut Call<'_, '_>) -> Result<()> + Send + Sync>;

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

/// Adds a field to the table with this number; `fields` are its settings. Gives its number.
///
/// # Errors
/// The refusals of `userfield.add`.
pub fn add(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let (entity, fields) = (entity(call, type_id), call.fields("fields"));
    Ok(change::add(call, &entity, &fields)?.into())
}

/// A field by its number, `id`.
///
/// # Errors
/// The refusals of `userfield.get`.
pub fn get(call: &mut Call<'_, '_>, type_id: i64, may_read: &MayRead) -> Result<Value> {
    may_read(call)?;
    let (entity, field) = find(call, type_id, call.id("id"))?;
    let label = |kind: &str| field.user.as_ref().map(|user| labels::show_all(&user.labels, kind));
    Ok(show(&entity, &field, label))
}

/// The fields by `filter`, in `order`.
///
/// # Errors
/// The refusals of `userfield.list`.
pub fn list(call: &mut Call<'_, '_>, type_id: i64, may_read: &MayRead) -> Result<Value> {
    may_read(call)?;
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

/// Changes the settings of a field, `id`.
///
/// # Errors
/// The refusals of `userfield.update`.
pub fn update(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let found = find(call, type_id, call.id("id"))?;
    let fields = call.fields("fields");
    change::update(call, found, &fields)?;
    Ok(true.into())
}

/// Deletes a field, `id`, with its values.
///
/// # Errors
/// The refusals of `userfield.delete`.
pub fn delete(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    call.require_admin()?;
    let found = find(call, type_id, call.id("id"))?;
    change::delete(call, found)?;
    Ok(true.into())
}

fn entity(call: &Call<'_, '_>, type_id: i64) -> Arc<Entity> {
    call.meta.fielded(type_id).expect("tables with user fields are always there")
}

/// The code of the entity that user fields belong to: `CRM_LEAD`, `USER`.
fn object(entity: &Entity) -> &str {
    entity.user_fields.as_ref().map_or("", |fields| &fields.object)
}

/// How the names of user fields begin.
fn prefix(entity: &Entity) -> &str {
    entity.user_fields.as_ref().map_or("UF_", |fields| &fields.prefix)
}

/// A user field by its number.
fn find(call: &Call<'_, '_>, type_id: i64, id: i64) -> Result<(Arc<Entity>, Field)> {
    let entity = entity(call, type_id);
    match numbered(&entity, id) {
        Some(field) => Ok((entity, field)),
        None => Err(Fault::not_found(format!("The entity with ID '{id}' is not found.")).into()),
    }
}

/// The settings of a field without labels and list values.
fn own_settings(entity: &Entity, field: &Field, user: &UserField) -> Map {
    let mut map = Map::with_capacity(20);
    map.push("ID", user.id.to_string());
    map.push("ENTITY_ID", object(entity));
    map.push("FIELD_NAME", field.code.as_ref());
    map.push("USER_TYPE_ID", user.user_type_id.as_str());
    map.push("XML_ID", user.xml_id.as_deref());
    map.push("SORT", user.sort.to_string());
    map.push("MULTIPLE", yes_no(field.multiple));
    map.push("MANDATORY", yes_no(field.required));
    map.push("SHOW_FILTER", user.show_filter.as_str());
    map.push("SHOW_IN_LIST", yes_no(user.show_in_list));
    map.push("EDIT_IN_LIST", yes_no(user.edit_in_list));
    map.push("IS_SEARCHABLE", yes_no(user.is_searchable));
    map.push("SETTINGS", Value::from(user.settings.clone()));
    map
}

fn numbered(entity: &Entity, id: i64) -> Option<Field> {
    let mine = |field: &&Field| field.user.as_ref().is_some_and(|user| user.id == id);
    entity.fields.iter().find(mine).cloned()
}

/// A field as `get` and `list` show it; labels that `label` leaves out are not shown.
fn show(entity: &Entity, field: &Field, label: impl Fn(&str) -> Option<Value>) -> Value {
    let Some(user) = &field.user else { return Value::Null };
    let mut map = own_settings(entity, field, user);
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

/// The types that there are.
///
/// # Errors
/// None.
pub fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let language = call.language;
    let show = |known: &&'static Type| {
        let mut map = Map::with_capacity(2);
        map.push("ID", known.id);
        map.push("title", language.text(Topic::Fields, known.title));
        Value::Map(map)
    };
    Ok(call.core.modules.user_types().iter().map(show).collect::<Vec<_>>().into())
}

/// The settings of a type.
///
/// # Errors
/// For an unknown type.
pub fn about_settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let known = call.text("type").and_then(|id| call.core.modules.user_type(&id));
    Ok(known.map_or_else(|| Value::List(Vec::new()), |known| known.describe(call.language)))
}

/// The answer of `crm.userfield.fields`: name, type, title and a remark.
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

/// The answer of `crm.userfield.fields`.
pub fn about_fields(call: &Call<'_, '_>) -> Value {
    about(&FIELDS, call.language)
}

/// The answer of `crm.userfield.enumeration.fields`.
pub fn about_choices(call: &Call<'_, '_>) -> Value {
    about(&CHOICE, call.language)
}

fn about(rows: &[(&str, &str, &str, &str)], language: Locale) -> Value {
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
