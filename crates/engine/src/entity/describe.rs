//! Field descriptions of `crm.*.fields` and `crm.item.fields` (protocol 6.9).

use wire::{Map, Value};

use super::stage::{self, Codes};
use super::userfield::label;
use super::{Entity, Field, Kind, Naming, Place};
use crate::call::Call;
use crate::meta::Meta;
use crate::texts::{Locale, Topic};

/// Descriptors of all fields, by name.
pub fn descriptors(call: &Call<'_, '_>, entity: &Entity, naming: Naming) -> Value {
    let mut map = Map::with_capacity(entity.fields.len());
    for field in &entity.fields {
        // What only old items of the real system still show is not described.
        let relic = !field.legacy && field.place == Place::Nowhere;
        if let Some(name) = naming.name(field).filter(|_| !relic) {
            map.push(name, descriptor(call, entity, field, naming));
        }
    }
    map.into_value()
}

/// Descriptors of the fields of a table that is no entity, by name.
pub fn of_table(table: &Entity, naming: Naming, language: Locale) -> Map {
    let described = |field| {
        let mut map = usual(field, field.type_name(Naming::Legacy), language);
        push_upper_name(&mut map, field, naming);
        Value::Map(map)
    };
    let named = table.fields.iter().filter_map(|field| Some((naming.name(field)?, field)));
    named.map(|(name, field)| (name.into(), described(field))).collect()
}

/// The descriptor of a field of which nothing but the usual is to be said.
pub fn plain(field: &Field, type_name: &str, language: Locale) -> Value {
    Value::Map(usual(field, type_name, language))
}

/// The same with the name in capitals by which `crm.item.*` knows a field as well.
pub fn named(field: &Field, type_name: &str, language: Locale) -> Value {
    let mut map = usual(field, type_name, language);
    push_upper_name(&mut map, field, Naming::Item);
    Value::Map(map)
}

fn usual(field: &Field, type_name: &str, language: Locale) -> Map {
    let mut map = flags(field, type_name, field.read_only);
    map.push("title", title(field, language));
    map
}

/// The name by which `crm.item.*` knows a field as well.
fn push_upper_name(map: &mut Map, field: &Field, naming: Naming) {
    if !naming.is_legacy() {
        map.push("upperName", &*field.upper_name());
    }
}

/// The title of a field. User fields have the title that people gave them.
pub fn title(field: &Field, language: Locale) -> &str {
    if field.user.is_some() { &field.title } else { language.text(Topic::Fields, &field.title) }
}

/// The descriptor of `crm.vat.fields`, which knows sizes.
pub fn sized(field: &Field, type_name: &str, size: Option<&str>, language: Locale) -> Value {
    let mut map = Map::with_capacity(5);
    map.push("type", type_name);
    if let Some(size) = size {
        map.push("size", size);
    }
    map.push("isRequired", false);
    map.push("isReadOnly", field.read_only);
    map.push("title", title(field, language));
    Value::Map(map)
}

/// Says something else of a field than what follows from it.
pub fn correct(fields: &mut Map, name: &str, member: &'static str, value: impl Into<Value>) {
    if let Some(Value::Map(descriptor)) = fields.get_mut(name) {
        descriptor.insert(member, value);
    }
}

/// The short descriptor of controllers such as `catalog.*`.
pub fn short(field: &Field, type_name: &str) -> Value {
    let mut map = Map::with_capacity(4);
    map.push("isImmutable", field.immutable);
    map.push("isReadOnly", field.read_only);
    map.push("isRequired", field.required);
    map.push("type", type_name);
    Value::Map(map)
}

fn flags(field: &Field, type_name: &str, read_only: bool) -> Map {
    let mut map = Map::with_capacity(12);
    map.push("type", type_name);
    map.push("isRequired", field.required);
    map.push("isReadOnly", read_only);
    map.push("isImmutable", field.immutable);
    map.push("isMultiple", field.multiple || matches!(field.place, Place::Multifield | Place::Binding(_)));
    map.push("isDynamic", field.user.is_some());
    map
}

fn descriptor(call: &Call<'_, '_>, entity: &Entity, field: &Field, naming: Naming) -> Value {
    let mut map = flags(field, field.type_name(naming), field.is_closed(naming));
    if is_superseded(entity, field) {
        map.push("isDeprecated", true);
    }
    if let Some(dictionary) = dictionary(&call.meta, entity, field) {
        map.push("statusType", dictionary);
    }
    describe_user_field(&mut map, field);
    let coded = naming.is_legacy() && field.user.is_some();
    map.push("title", if coded { &field.code } else { title(field, call.language) });
    describe_parent(&mut map, entity, field);
    push_upper_name(&mut map, field, naming);
    Value::Map(map)
}

/// The descriptor of a user field of a table that is no entity.
pub fn of_user_field(field: &Field, naming: Naming, language: Locale) -> Value {
    let mut map = flags(field, field.type_name(naming), field.is_closed(naming));
    describe_user_field(&mut map, field);
    map.push("title", if naming.is_legacy() { &field.code } else { title(field, language) });
    push_upper_name(&mut map, field, naming);
    Value::Map(map)
}

/// The dictionary from which a field takes its codes.
fn dictionary(meta: &Meta, entity: &Entity, field: &Field) -> Option<String> {
    match field.kind {
        Kind::Status(name) => Some(name.to_owned()),
        Kind::Stage => {
            let stage = entity.stage.as_ref()?;
            let category = match stage.codes {
                Codes::Plain => 0,
                Codes::Numbered(_) => stage::default_category(meta, entity),
            };
            Some(stage::dictionary(stage, category))
        }
        Kind::Declared(of) => (of.dictionary)(field.user.as_ref()?),
        _ => None,
    }
}

fn describe_user_field(map: &mut Map, field: &Field) {
    let Some(user) = &field.user else { return };
    if !user.choices.is_empty() {
        let items: Vec<Value> = user
            .choices
            .iter()
            .map(|choice| {
                let mut item = Map::with_capacity(2);
                item.push("ID", choice.id.to_string());
                item.push("VALUE", choice.value.as_str());
                Value::Map(item)
            })
            .collect();
        map.push("items", items);
    }
    let said = |kind: &str| label(&user.labels, kind).unwrap_or_else(|| field.code.to_string());
    map.push("listLabel", said("LIST_COLUMN_LABEL"));
    map.push("formLabel", said("EDIT_FORM_LABEL"));
    map.push("filterLabel", said("LIST_FILTER_LABEL"));
    map.push("settings", Value::from(user.settings.clone()));
}

/// The kind of items that a field names, where it names one.
fn describe_parent(map: &mut Map, entity: &Entity, field: &Field) {
    let (Kind::Link(parent) | Kind::Parent(parent), Place::Column) = (field.kind, field.place) else {
        return;
    };
    if !is_superseded(entity, field) {
        map.push("settings", Value::under("parentEntityTypeId", parent));
    }
}

/// Whether a list of links took the place of a field that names one (`CONTACT_IDS` that of `CONTACT_ID`).
fn is_superseded(entity: &Entity, field: &Field) -> bool {
    let (Kind::Link(target), Place::Column) = (field.kind, field.place) else { return false };
    entity.has_list_of(target)
}
