//! Adding, changing and deleting user fields, with the columns that hold their values.

use std::sync::Arc;

use store::Param;
use wire::{Fault, Map, Value};

use super::event::{self, What};
use super::{choices, labels, yes_no};
use crate::call::Call;
use crate::entity::{Entity, Field, file, schema};
use crate::error::{Error, Result};
use crate::input::{flag, int, text};

/// User fields that one entity may have: each is a column, and tables have room for some thousands only.
const MAX_FIELDS: usize = 500;

/// Characters that a field's name may have.
const NAME_LENGTH: usize = 50;

/// Adds a field and gives its number.
pub(super) fn add(call: &mut Call<'_, '_>, entity: &Entity, fields: &Map) -> Result<i64> {
    let type_id = text(fields, "USER_TYPE_ID").ok_or_else(|| absent("USER_TYPE_ID"))?;
    let known = call.core.modules.user_type(&type_id);
    let known = known.ok_or_else(|| Fault::core("Invalid custom type specified."))?;
    let name = field_name(fields, super::prefix(entity))?;
    if entity.has(&name) {
        let text = format!("The field {name} for the {} object already exists.", super::object(entity));
        return Err(Fault::core(text).into());
    }
    if entity.fields.iter().filter(|field| field.user.is_some()).count() >= MAX_FIELDS {
        return Err(Fault::core("Fail to create new user field").into());
    }
    // A yes or no is one.
    let multiple = flag(fields, "MULTIPLE") == Some(true) && known.id != "boolean";
    let given = fields.get("SETTINGS").cloned().and_then(Value::into_map).unwrap_or_default();
    let on = |key: &str, usual: bool| Param::from(yes_no(flag(fields, key).unwrap_or(usual)));
    let params = [
        entity.type_id.into(),
        name.as_str().into(),
        known.id.into(),
        text(fields, "XML_ID").into(),
        sort(fields).unwrap_or(100).into(),
        yes_no(multiple).into(),
        on("MANDATORY", false),
        show_filter(fields).unwrap_or("N").into(),
        on("SHOW_IN_LIST", false),
        on("EDIT_IN_LIST", true),
        on("IS_SEARCHABLE", false),
        known.merge(&given, &serde_json::Value::Null).to_string().into(),
        labels::read_new(fields).to_string().into(),
    ];
    let sql = "INSERT INTO crm_user_field (entity_type_id, field_name, user_type_id, xml_id, sort, multiple, mandatory, \
               show_filter, show_in_list, edit_in_list, is_searchable, settings, labels) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let id = call.tx.insert(sql, &params)?;
    let list = list(fields, known.id);
    if let Some(list) = list {
        choices::write(call.tx, id, multiple, &[], list)?;
    }
    call.meta_changed()?;
    let (entity, field) = super::find(call, entity.type_id, id)?;
    schema::add_column(call.tx, entity.table(), &field)?;
    schema::index_user_field(call.tx, entity.table(), &field)?;
    event::raise(call, &entity, What::Added, (id, &name));
    if list.is_some() {
        event::raise(call, &entity, What::ChoicesSet, (id, &name));
    }
    Ok(id)
}

/// Changes what may be changed of a field: neither its name, nor its type, nor whether it holds a list.
pub(super) fn update(
    call: &mut Call<'_, '_>,
    (entity, field): (Arc<Entity>, Field),
    fields: &Map,
) -> Result<()> {
    let Some(user) = &field.user else { return Ok(()) };
    let on = |key: &str, old: bool| Param::from(yes_no(flag(fields, key).unwrap_or(old)));
    let given = fields.get("SETTINGS").cloned().and_then(Value::into_map).unwrap_or_default();
    let known = call.core.modules.user_type(&user.user_type_id);
    let merged = known.map(|known| known.merge(&given, &user.settings));
    let xml_id = if fields.get("XML_ID").is_some() { text(fields, "XML_ID") } else { user.xml_id.clone() };
    let params = [
        xml_id.into(),
        sort(fields).unwrap_or(user.sort).into(),
        on("MANDATORY", field.required),
        show_filter(fields).unwrap_or(&user.show_filter).into(),
        on("SHOW_IN_LIST", user.show_in_list),
        on("EDIT_IN_LIST", user.edit_in_list),
        on("IS_SEARCHABLE", user.is_searchable),
        merged.unwrap_or_else(|| user.settings.clone()).to_string().into(),
        labels::read_changed(fields, &user.labels).to_string().into(),
        user.id.into(),
    ];
    let sql = "UPDATE crm_user_field SET xml_id = ?, sort = ?, mandatory = ?, show_filter = ?, show_in_list = ?, \
               edit_in_list = ?, is_searchable = ?, settings = ?, labels = ? WHERE id = ?";
    call.tx.execute(sql, &params)?;
    let list = list(fields, &user.user_type_id);
    if let Some(list) = list {
        choices::write(call.tx, user.id, field.multiple, &user.choices, list)?;
    }
    call.meta_changed()?;
    event::raise(call, &entity, What::Changed, (user.id, &field.code));
    if list.is_some() {
        event::raise(call, &entity, What::ChoicesSet, (user.id, &field.code));
    }
    Ok(())
}

/// Deletes a field with all that it holds.
pub(super) fn delete(call: &mut Call<'_, '_>, (entity, field): (Arc<Entity>, Field)) -> Result<()> {
    let Some(user) = &field.user else { return Ok(()) };
    file::delete_of_field(call.tx, &entity, &field)?;
    call.tx.execute("DELETE FROM crm_user_field_choice WHERE field_id = ?", &[user.id.into()])?;
    call.tx.execute("DELETE FROM crm_user_field WHERE id = ?", &[user.id.into()])?;
    schema::drop_column(call.tx, entity.table(), &field)?;
    call.meta_changed()?;
    event::raise(call, &entity, What::Deleted, (user.id, &field.code));
    Ok(())
}

/// Forgets the fields of a table that goes, with the files that they hold.
///
/// # Errors
/// Those of the store.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity) -> Result<()> {
    for field in entity.fields.iter().filter(|field| field.user.is_some()) {
        file::delete_of_field(call.tx, entity, field)?;
    }
    for sql in [
        "DELETE FROM crm_user_field_choice WHERE field_id IN (SELECT id FROM crm_user_field WHERE entity_type_id = ?)",
        "DELETE FROM crm_user_field WHERE entity_type_id = ?",
    ] {
        call.tx.execute(sql, &[entity.type_id.into()])?;
    }
    Ok(())
}

/// The choices that a request has for a field of that type.
fn list<'f>(fields: &'f Map, user_type_id: &str) -> Option<&'f Value> {
    fields.get("LIST").filter(|list| user_type_id == "enumeration" && list.items().next().is_some())
}

/// The whole name of a field from what a request calls it: `NOTE`, `UF_NOTE` and `UF_CRM_NOTE` are the same.
/// It becomes the name of a column, so nothing but letters, digits and `_` may be in it.
fn field_name(fields: &Map, prefix: &str) -> Result<String> {
    let given = text(fields, "FIELD_NAME").ok_or_else(|| absent("FIELD_NAME"))?.to_ascii_uppercase();
    let bare = given.strip_prefix(prefix).or_else(|| given.strip_prefix("UF_")).unwrap_or(&given);
    if bare.is_empty() {
        return Err(absent("FIELD_NAME"));
    }
    let name = format!("{prefix}{bare}");
    if !name.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == b'_') {
        let text = "Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _.";
        return Err(Fault::core(text).into());
    }
    if name.len() > NAME_LENGTH {
        return Err(Fault::core("Field name is too long (more than 50 characters).").into());
    }
    Ok(name)
}

fn absent(name: &str) -> Error {
    Fault::crm(format!("The '{name}' field is not found.")).into()
}

fn sort(fields: &Map) -> Option<i64> {
    int(fields, "SORT").filter(|sort| *sort > 0)
}

/// `N` not, `I` exact, `E` by mask, `S` by part; a plain `Y` means by mask.
fn show_filter(fields: &Map) -> Option<&'static str> {
    let given = text(fields, "SHOW_FILTER")?;
    let letter = ["N", "I", "E", "S"].into_iter().find(|known| *known == given);
    letter.or_else(|| flag(fields, "SHOW_FILTER").map(|shown| if shown { "E" } else { "N" }))
}
