//! The methods of elements.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Naming;
use engine::entity::filter::Unknown;
use engine::entity::page::{Extent, List, Query};
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::filter::Filter;
use wire::{Fault, Map, Value, order};

use super::order::by_own;
use super::{ELEMENT, FACE, count, filter, show, values};
use crate::list::{find, named, ordered};
use crate::refusal::{denied, require, required as missing};
use crate::rights::Level;
use crate::{SCOPE, field};

fn fields() -> Parameter {
    required("FIELDS", Kind::Fields, "Values by field: NAME, PROPERTY_7, ..").with_members(vec![
        required("NAME", Kind::Text, "Name"),
        optional("PROPERTY_PropertyId", Kind::Any, "A value of an own field, or several"),
    ])
}

fn one(method: Method) -> Method {
    method.param(required("ELEMENT_ID", Kind::Id, "Element, or by its code")).param(required(
        "ELEMENT_CODE",
        Kind::Text,
        "Code of the element, or by its ID",
    ))
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let first = || json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1, "ELEMENT_ID": 1});
    let mut changed = first();
    changed["FIELDS"] = json!({"NAME": "Hammer drill", "PROPERTY_2": 2});
    let mut link = first();
    link["FIELD_ID"] = json!(3);
    let example = json!({
        "IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1, "ELEMENT_CODE": "saw", "FIELDS": {"NAME": "Saw", "PROPERTY_3": 20},
    });
    vec![
        named(write("lists.element.add", SCOPE, add))
            .own_words()
            .about("Adds an element to a list and returns its ID.")
            .param(required("ELEMENT_CODE", Kind::Text, "Code"))
            .param(fields())
            .param(optional("IBLOCK_SECTION_ID", Kind::Int, "Section; 0 for none"))
            .param(optional("LIST_ELEMENT_URL", Kind::Text, "Address of the element's page; it is not kept"))
            .example(example, json!("*")),
        one(named(write("lists.element.update", SCOPE, update)))
            .own_words()
            .about("Replaces what an element of a list holds: fields that are not given are emptied.")
            .param(fields())
            .example(changed, json!(true)),
        one(named(write("lists.element.delete", SCOPE, delete)))
            .own_words()
            .about("Deletes an element of a list.")
            .example(first(), json!(true)),
        named(read("lists.element.get", SCOPE, get))
            .own_words()
            .about("Returns elements of a list by filter, or one of them, 50 per page.")
            .param(optional("ELEMENT_ID", Kind::Id, "Element"))
            .param(optional("ELEMENT_CODE", Kind::Text, "Code of the element"))
            .param(optional("SELECT", Kind::Select, "Fields to return"))
            .param(optional("FILTER", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("ELEMENT_ORDER", Kind::Order, "ASC or DESC by field"))
            .param(optional("start", Kind::Int, "Offset of the first row"))
            .example(first(), json!([{"ID": "1", "NAME": "Drill", "PROPERTY_3": "*"}])),
        one(named(read("lists.element.get.file.url", SCOPE, file_urls)))
            .own_words()
            .about("Returns links to the files in a field of an element.")
            .param(required("FIELD_ID", Kind::Id, "Number of the field"))
            .example(link, json!([])),
    ]
}

/// The element that a call names, when the caller may do this to it.
fn sought(call: &mut Call<'_, '_>, list: i64, act: Act) -> Result<Row> {
    let (id, code) = (call.text("ELEMENT_ID"), call.text("ELEMENT_CODE"));
    let (sql, value) = match (id, code) {
        (Some(id), _) => ("t.list_id = ? AND t.id = ?", Param::from(id.parse::<i64>().unwrap_or(0))),
        (None, Some(code)) => ("t.list_id = ? AND t.code = ?", code.into()),
        (None, None) => return Err(missing("ELEMENT_ID").into()),
    };
    let not_found = || Fault::new(400, "ERROR_ELEMENT_NOT_FOUND", "Element not found");
    let scope = ELEMENT.grant(call, Act::Read)?;
    let found = noun::select(call, &ELEMENT, &scope, sql, vec![list.into(), value], "")?
        .pop()
        .ok_or_else(not_found)?;
    let scope = ELEMENT.grant(call, act)?;
    Ok(noun::one(call, &ELEMENT, &scope, found.number)?.ok_or_else(denied)?)
}

/// What a request gives for the columns of an element; what it leaves out is emptied.
fn columns(call: &Call<'_, '_>, fields: &[Row]) -> Map {
    const OPEN: [&str; 5] = ["SORT", "ACTIVE_FROM", "ACTIVE_TO", "PREVIEW_TEXT", "DETAIL_TEXT"];
    let given = call.fields("FIELDS");
    let mut element = Map::new();
    element.push("NAME", given.get("NAME").cloned().unwrap_or_default());
    for name in OPEN.into_iter().filter(|name| fields.iter().any(|field| field.text("type") == *name)) {
        let usual = if name == "SORT" { "500" } else { "" };
        element.push(name, given.get(name).cloned().unwrap_or_else(|| usual.into()));
    }
    element
}

/// What a request gives for own fields. Those of `counters` keep what they have.
fn own(
    call: &mut Call<'_, '_>,
    fields: &[Row],
    code: &'static str,
    is_new: bool,
) -> Result<Vec<(i64, Vec<String>)>> {
    let given = call.fields("FIELDS");
    let mut kept = Vec::new();
    for field in fields.iter().filter(|field| field::key(field).starts_with("PROPERTY_")) {
        if field.text("type") == "N:Sequence" {
            if is_new {
                kept.push((field.number, vec![values::next(call, field.number)?]));
            }
            continue;
        }
        let value = given.get(&field::key(field)).cloned();
        let value = value.or_else(|| is_new.then(|| usual(call, field)).transpose().ok().flatten());
        let value = value.unwrap_or_default();
        let read = values::read(call, field, &value, |text| Fault::new(400, code, text))?;
        if read.is_empty() && field.text("isRequired") == "Y" {
            let text = format!("The field \"{}\" is required", field.text("name"));
            return Err(Fault::new(400, code, text).into());
        }
        kept.push((field.number, read));
    }
    Ok(kept)
}

/// The value that a field has in a new element.
fn usual(call: &mut Call<'_, '_>, field: &Row) -> Result<Value> {
    if field.text("type") == "L" {
        let chosen = field::choices(call, field.number)?.into_iter().filter(|choice| choice.is_default);
        return Ok(chosen.map(|choice| Value::from(choice.id)).collect::<Vec<_>>().into());
    }
    Ok(field.json("defaultValue").into())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Add)?.number;
    require(call, &["ELEMENT_CODE", "FIELDS"])?;
    let code = call.text("ELEMENT_CODE").unwrap_or_default();
    noun::alone(call, &format!("lists_element {list} {code}"))?;
    let sql = "SELECT 1 FROM lists_element WHERE list_id = ? AND code = ?";
    if call.tx.one(sql, &[list.into(), code.as_str().into()], |row| row.int(0))?.is_some() {
        return Err(Fault::new(400, "ERROR_ELEMENT_ALREADY_EXISTS", "Element already exists").into());
    }
    let fields = field::all(call, list)?;
    let mut element = columns(call, &fields);
    if element.get("NAME").is_none_or(Value::is_empty) {
        return Err(missing("NAME").into());
    }
    let own = own(call, &fields, "ERROR_ADD_ELEMENT", true)?;
    element.push("IBLOCK_ID", list);
    element.push("CODE", code);
    element.push("IBLOCK_SECTION_ID", call.param("IBLOCK_SECTION_ID").and_then(Value::as_int).unwrap_or(0));
    let row = noun::add(call, &ELEMENT, &FACE, &element)?;
    for (field, values) in own {
        values::keep(call, row.number, field, &values)?;
    }
    Ok(row.number.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?.number;
    let row = sought(call, list, Act::Update)?;
    require(call, &["FIELDS"])?;
    let fields = field::all(call, list)?;
    let changes = columns(call, &fields);
    if changes.get("NAME").is_none_or(Value::is_empty) {
        return Err(missing("NAME").into());
    }
    let own = own(call, &fields, "ERROR_UPDATE_ELEMENT", false)?;
    noun::update(call, &ELEMENT, &FACE, &[row.number.into()], &changes)?;
    let counters: Vec<i64> =
        fields.iter().filter(|field| field.text("type") == "N:Sequence").map(|field| field.number).collect();
    values::forget(call, row.number, &counters)?;
    for (field, values) in own {
        values::keep(call, row.number, field, &values)?;
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?.number;
    let row = sought(call, list, Act::Delete)?;
    noun::delete(call, &ELEMENT, &FACE, &[row.number.into()])?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?.number;
    let fields = field::all(call, list)?;
    let shape = Arc::clone(&call.core.modules.shape(&ELEMENT).table);
    let (tests, conditions) = filter::read(call, &shape, &fields);
    let is_whole = tests == Filter::All(Vec::new())
        && conditions.is_empty()
        && call.text("ELEMENT_ID").or(call.text("ELEMENT_CODE")).is_none();
    let mut sql = "t.list_id = ?".to_owned();
    let mut params = vec![Param::from(list)];
    for (condition, values) in conditions {
        sql.push_str(&format!(" AND {condition}"));
        params.extend(values);
    }
    for (name, column) in [("ELEMENT_ID", "id"), ("ELEMENT_CODE", "code")] {
        let Some(value) = call.text(name) else { continue };
        sql.push_str(&format!(" AND t.{column} = ?"));
        params.push(if name == "ELEMENT_ID" {
            value.parse::<i64>().unwrap_or(0).into()
        } else {
            value.into()
        });
    }
    let order = order::parse_lenient(call.param("ELEMENT_ORDER").unwrap_or(&Value::Null));
    let order: Vec<_> =
        order.into_iter().map(|(name, way)| (wire::Text::from(name.to_ascii_uppercase()), way)).collect();
    let by_own = by_own(&order, &shape, &fields);
    let query = Query { filter: tests, order, select: Vec::new(), unknown: Unknown::Ignored };
    let mut page = List::new(call, &shape, Naming::Legacy, &query, Extent::Page)?.within(|values| {
        values.extend(params);
        [sql]
    });
    if is_whole {
        page = page.counted(Some(count::of(call, list)?));
    }
    page = page.sorted(by_own);
    let mut ids = Vec::new();
    page.read(call, "", |row| {
        ids.push(row.int(0)?);
        Ok(())
    })?;
    let rows = ordered(call, &ELEMENT, &ids)?;
    let values = values::of(call, &ids)?;
    let names = call.param("SELECT").cloned().unwrap_or_default();
    let select: Vec<String> = names.items().filter_map(Value::text).map(|name| name.into_owned()).collect();
    let shown = rows.iter().map(|row| show::shown(call, row, &fields, &values, &select).into_value());
    Ok(shown.collect::<Vec<_>>().into())
}

fn file_urls(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?.number;
    let row = sought(call, list, Act::Read)?;
    require(call, &["FIELD_ID"])?;
    let wanted = call.text("FIELD_ID").unwrap_or_default().to_ascii_uppercase();
    let wanted = wanted.trim_start_matches("PROPERTY_").parse::<i64>().unwrap_or(0);
    let field = field::all(call, list)?.into_iter().find(|field| field.number == wanted);
    let kept = values::of(call, &[row.number])?.remove(&(row.number, wanted)).unwrap_or_default();
    let ids = kept.iter().filter_map(|kept| kept.value.parse::<i64>().ok());
    let mut urls: Vec<Value> = Vec::new();
    match field.as_ref().map(|field| field.text("type")) {
        Some("F") => urls.extend(ids.map(|id| Value::from(files::link(call.core, id, call.now)))),
        Some("S:DiskFile") => {
            let ids: Vec<i64> = ids.collect();
            for id in ids {
                let Some(objects) = call.core.modules.noun("disk.object").map(|shape| shape.noun) else {
                    continue;
                };
                let scope = objects.grant(call, Act::Read)?;
                let file = noun::one(call, objects, &scope, id)?.and_then(|row| row.int("fileId"));
                urls.extend(file.map(|file| Value::from(files::link(call.core, file, call.now))));
            }
        }
        _ => {}
    }
    Ok(urls.into())
}
