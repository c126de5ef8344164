//! The methods of fields.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{FACE, FIELD, MOST, TYPES, all, choices, key, show, type_of};
use crate::list::{find, named};
use crate::refusal::require;
use crate::rights::Level;
use crate::{SCOPE, refusal};

fn fields() -> Parameter {
    let flag = |name: &'static str, about| optional(name, Kind::Flag, about);
    required("FIELDS", Kind::Fields, "Values by field").with_members(vec![
        required("NAME", Kind::Text, "Name"),
        required("TYPE", Kind::Text, "Type: S, N, L, F, S:Date, .."),
        flag("IS_REQUIRED", "Required"),
        flag("MULTIPLE", "Has several values"),
        optional("SORT", Kind::Int, "Sort order"),
        optional("DEFAULT_VALUE", Kind::Any, "Default value"),
        optional("LIST", Kind::Fields, "Choices: VALUE, SORT and DEF by number"),
        optional("LIST_TEXT_VALUES", Kind::Text, "Choices, one a line"),
        optional("LIST_DEF", Kind::List, "Choices that new elements have"),
        optional("CODE", Kind::Text, "Code"),
        optional("SETTINGS", Kind::Fields, "Where the field is shown"),
        optional("USER_TYPE_SETTINGS", Kind::Fields, "Settings of the type"),
        optional("ROW_COUNT", Kind::Int, "Rows of the input"),
        optional("COL_COUNT", Kind::Int, "Columns of the input"),
        optional("LINK_IBLOCK_ID", Kind::Id, "List that the values are of"),
    ])
}

const NAMED: Parameter = required("FIELD_ID", Kind::Text, "Field: NAME, PROPERTY_7, ..");

/// The methods.
pub fn methods() -> Vec<Method> {
    let with = |more: serde_json::Value| {
        let mut params = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1});
        if let (serde_json::Value::Object(params), serde_json::Value::Object(more)) = (&mut params, more) {
            params.extend(more);
        }
        params
    };
    vec![
        named(write("lists.field.add", SCOPE, add))
            .own_words()
            .about("Adds a field to a list and returns its name.")
            .param(fields())
            .example(with(json!({"FIELDS": {"NAME": "Remark", "TYPE": "S", "CODE": "REMARK"}})), json!("*")),
        named(write("lists.field.update", SCOPE, update))
            .own_words()
            .about("Changes a field of a list; its type stays.")
            .param(fields())
            .param(NAMED)
            .example(
                with(json!({"FIELD_ID": "PROPERTY_3", "FIELDS": {"NAME": "Pledge", "TYPE": "N"}})),
                json!(true),
            ),
        named(write("lists.field.delete", SCOPE, delete))
            .own_words()
            .about("Deletes a field of a list with its values.")
            .param(NAMED)
            .example(with(json!({"FIELD_ID": "PROPERTY_3"})), json!(true)),
        named(read("lists.field.get", SCOPE, get))
            .own_words()
            .about("Returns the fields of a list, or one of them.")
            .param(Parameter { required: false, ..NAMED })
            .example(
                with(json!({"FIELD_ID": "PROPERTY_2"})),
                json!({"L": {"FIELD_ID": "PROPERTY_2", "NAME": "State"}}),
            ),
        named(read("lists.field.type.get", SCOPE, types))
            .own_words()
            .about("Returns the types of fields that a list may get.")
            .param(Parameter { required: false, ..NAMED })
            .example(with(json!({})), json!({"S": "String", "L": "List"})),
    ]
}

/// The field that a call names.
fn sought(call: &mut Call<'_, '_>, list: i64) -> Result<Option<Row>> {
    let wanted = call.text("FIELD_ID").unwrap_or_default();
    Ok(all(call, list)?.into_iter().find(|field| key(field).eq_ignore_ascii_case(&wanted)))
}

/// What a request gives for a field.
fn given(call: &Call<'_, '_>) -> Map {
    const TAKEN: [&str; 11] = [
        "NAME",
        "CODE",
        "SORT",
        "IS_REQUIRED",
        "MULTIPLE",
        "DEFAULT_VALUE",
        "ROW_COUNT",
        "COL_COUNT",
        "LINK_IBLOCK_ID",
        "USER_TYPE_SETTINGS",
        "SETTINGS",
    ];
    let fields = call.fields("FIELDS");
    TAKEN.iter().filter_map(|name| Some(((*name).into(), fields.get(name)?.clone()))).collect()
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    require(call, &["FIELDS"])?;
    let refused = |text: &'static str| Fault::new(400, "ERROR_SAVE_FIELD", text);
    let fields = call.fields("FIELDS");
    let text = |name: &str| {
        fields.get(name).and_then(Value::text).map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    if let Some(name) = ["NAME", "TYPE"].into_iter().find(|name| text(name).is_empty()) {
        return Err(refusal::required(name).into());
    }
    let kind = type_of(&text("TYPE")).ok_or_else(|| refused("Error saving the field"))?;
    let others = all(call, list.number)?;
    if others.len() >= MOST {
        return Err(refused("Error saving the field").into());
    }
    let code = text("CODE");
    if kind.is_own && code.is_empty() {
        return Err(refused("Please fill the code fields").into());
    }
    let same = |other: &Row| {
        if kind.is_own {
            other.text("code").eq_ignore_ascii_case(&code)
        } else {
            other.text("type") == kind.code
        }
    };
    if others.iter().any(same) {
        return Err(refused("Property already exists").into());
    }
    let link = fields.get("LINK_IBLOCK_ID").and_then(Value::as_int).unwrap_or(0);
    if matches!(kind.code, "E" | "E:EList") && link == 0 {
        return Err(Fault::new(
            400,
            "ERROR_SAVE_FIELD",
            format!("Incorrect lists specified for '{}' property", text("NAME")),
        )
        .into());
    }
    let mut row = given(call);
    row.push("LIST_ID", list.number);
    row.push("TYPE", kind.code);
    if !kind.is_own {
        row.insert("MULTIPLE", "N");
        row.remove("CODE");
    }
    let row = noun::add(call, &FIELD, &FACE, &row)?;
    if kind.code == "L" {
        choices::replace(call, row.number, &fields.into_value())?;
    }
    Ok(key(&row).into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    require(call, &["FIELD_ID", "FIELDS"])?;
    let refused = || Fault::new(400, "ERROR_UPDATE_FIELD", "Error updating the field");
    let field = sought(call, list.number)?.ok_or_else(refused)?;
    let fields = call.fields("FIELDS");
    let kind = fields.get("TYPE").and_then(Value::text).unwrap_or_default();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case(field.text("type")) {
        return Err(refused().into());
    }
    let mut changes = given(call);
    if !type_of(field.text("type")).is_some_and(|kind| kind.is_own) {
        changes.remove("MULTIPLE");
        changes.remove("CODE");
    }
    noun::update(call, &FIELD, &FACE, &[field.number.into()], &changes)?;
    if field.text("type") == "L" {
        choices::replace(call, field.number, &fields.into_value())?;
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    require(call, &["FIELD_ID"])?;
    // The name stays, and what is not there need not go.
    if let Some(field) = sought(call, list.number)?.filter(|field| field.text("type") != "NAME") {
        noun::delete(call, &FIELD, &FACE, &[field.number.into()])?;
    }
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?;
    if call.text("FIELD_ID").is_some() {
        let Some(field) = sought(call, list.number)? else { return Ok(Vec::new().into()) };
        let shown = show::shown(call, &field)?;
        return Ok(Value::under(field.text("type"), shown.into_value()));
    }
    let fields = all(call, list.number)?;
    let one = |field: &Row| Ok((key(field).into(), show::shown(call, field)?.into_value()));
    Ok(fields.iter().map(one).collect::<Result<Map>>()?.into_value())
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    let taken: Vec<String> =
        all(call, list.number)?.iter().map(|field| field.text("type").to_owned()).collect();
    let free = TYPES.iter().filter(|kind| kind.is_own || !taken.iter().any(|code| code == kind.code));
    let named =
        free.map(|kind| (kind.code.into(), Value::from(call.language.text(Topic::Names, kind.title))));
    Ok(named.collect::<Map>().into_value())
}
