//! The methods of invoices of the older kind.

use std::collections::HashMap;
use std::sync::Arc;

use engine::call::Call;
use engine::entity::{Entity, Field, Kind, Naming, describe, read};
use engine::error::Result;
use engine::method::{self, Method, optional, read as reading, required, write};
use engine::noun;
use engine::query;
use engine::texts::Locale;
use serde_json::json;
use wire::{Fault, Map, Text, Value};

use super::{FACE, TYPE_ID, payer, rows, shape};
use crate::SCOPE;

/// What an invoice shows of the responsible user: the column of the table of users that holds it.
pub(super) const PERSON: [(&str, Kind, &str, &str); 7] = [
    ("RESPONSIBLE_EMAIL", Kind::String, "Responsible person: e-mail", "email"),
    ("RESPONSIBLE_LAST_NAME", Kind::String, "Responsible person: last name", "last_name"),
    ("RESPONSIBLE_LOGIN", Kind::String, "Responsible person: login", "email"),
    ("RESPONSIBLE_NAME", Kind::String, "Responsible person: name", "name"),
    ("RESPONSIBLE_PERSONAL_PHOTO", Kind::Integer, "Responsible person: photo", "personal_photo"),
    ("RESPONSIBLE_SECOND_NAME", Kind::String, "Responsible person: middle name", "second_name"),
    ("RESPONSIBLE_WORK_POSITION", Kind::String, "Responsible person: position", "work_position"),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", method::Kind::Id, "ID of the invoice");
    let values = || optional("fields", method::Kind::Fields, "Values by field; see crm.invoice.fields");
    vec![
        write("crm.invoice.add", SCOPE, add)
            .about("Adds an invoice of the older kind with its rows and returns its ID.")
            .param(values())
            .example(json!({"fields": sample()}), json!("*")),
        reading("crm.invoice.get", SCOPE, get)
            .about("Returns an invoice of the older kind with its rows and the details of the payer.")
            .param(id())
            .example(json!({"id": 1}), json!({"ID": "1", "ORDER_TOPIC": "Two desks", "PRODUCT_ROWS": "*"})),
        reading("crm.invoice.list", SCOPE, list)
            .about("Lists invoices of the older kind by filter, 50 per page.")
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional(
                "select",
                method::Kind::Select,
                "Fields to return; the masks * and UF_* are allowed",
            ))
            .param(optional(
                "start",
                method::Kind::Int,
                "Offset of the first row, a multiple of 50; -1 skips counting the total",
            ))
            .example(
                json!({"filter": {"ID": 1}, "select": ["ID", "ORDER_TOPIC"]}),
                json!([{"ID": "1", "ORDER_TOPIC": "Two desks"}]),
            ),
        write("crm.invoice.update", SCOPE, update)
            .about(
                "Updates the given fields of an invoice of the older kind, and its rows if they are given.",
            )
            .param(id())
            .param(values())
            .example(json!({"id": 1, "fields": {"STATUS_ID": "P", "PAY_VOUCHER_NUM": "876"}}), json!(1)),
        write("crm.invoice.delete", SCOPE, delete)
            .about("Deletes an invoice of the older kind with everything that belongs to it.")
            .param(id())
            .example(json!({"id": 1}), json!(true)),
        super::page::method(),
        reading("crm.invoice.fields", SCOPE, fields_of)
            .about("Describes the fields of an invoice of the older kind.")
            .example(json!({}), json!({"ID": {"type": "integer", "isReadOnly": true}})),
    ]
}

fn sample() -> serde_json::Value {
    json!({
        "ORDER_TOPIC": "Twelve chairs", "STATUS_ID": "N", "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": 1,
        "INVOICE_PROPERTIES": {"COMPANY_ADR": "Am Kai 1, Hamburg"},
        "PRODUCT_ROWS": [{"ID": 0, "PRODUCT_ID": 0, "PRODUCT_NAME": "Chair", "QUANTITY": 12, "PRICE": 80, "VAT_RATE": 0.19}],
    })
}

pub(super) fn invoices(call: &Call<'_, '_>) -> Arc<Entity> {
    call.entity(TYPE_ID).expect("invoices are always there")
}

fn missing() -> Fault {
    Fault::crm("Not found")
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let shape = shape(&invoices(call));
    let fields = call.fields("fields");
    Ok(noun::add_to(call, &shape, &FACE, &fields)?.number.into())
}

/// As on the real system an update answers the id.
fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (shape, id) = (shape(&invoices(call)), call.id("id"));
    let fields = call.fields("fields");
    match noun::update_in(call, &shape, &FACE, &[id.into()], &fields)? {
        Some(_) => Ok(id.into()),
        None => Err(missing().into()),
    }
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (shape, id) = (shape(&invoices(call)), call.id("id"));
    match noun::delete_from(call, &shape, &FACE, &[id.into()])? {
        Some(_) => Ok(true.into()),
        None => Err(missing().into()),
    }
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, id) = (invoices(call), call.id("id"));
    let mut found = vec![Value::Map(read::get(call, &entity, Naming::Legacy, id)?.ok_or_else(missing)?)];
    introduce(call, &entity, &mut found)?;
    let mut invoice = found.pop().and_then(Value::into_map).unwrap_or_default();
    invoice.push("INVOICE_PROPERTIES", payer::details_of(call, id)?);
    invoice.push("PRODUCT_ROWS", rows::shown(call, id)?);
    Ok(invoice.into_value())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let entity = invoices(call);
    let query = query::legacy(call, &entity)?;
    let mut found = read::list(call, &entity, Naming::Legacy, &query)?;
    introduce(call, &entity, &mut found)?;
    Ok(found.into())
}

/// Shows who is responsible for invoices, where they show that.
fn introduce(call: &mut Call<'_, '_>, entity: &Entity, invoices: &mut [Value]) -> Result<()> {
    let shows = |invoice: &Value| PERSON.iter().any(|(code, ..)| invoice.get(code).is_some());
    if !invoices.first().is_some_and(shows) {
        return Ok(());
    }
    let ids: Vec<i64> = invoices.iter().filter_map(|invoice| invoice.get("ID")?.as_int()).collect();
    let columns: Vec<String> = PERSON.iter().map(|(.., column)| format!("u.{column}")).collect();
    let sql = format!(
        "SELECT t.id, {} FROM {} t JOIN portal_user u ON u.id = t.assigned_by_id WHERE t.id IN ({})",
        columns.join(", "),
        entity.table(),
        store::placeholders(ids.len())
    );
    let params: Vec<_> = ids.into_iter().map(store::Param::from).collect();
    let mut people: HashMap<i64, Vec<Option<Text>>> = HashMap::new();
    call.tx.query(&sql, &params, |row| {
        let mut person = Vec::with_capacity(PERSON.len());
        for (at, (_, kind, ..)) in PERSON.iter().enumerate() {
            person.push(match kind {
                Kind::Integer => row.opt_int(at + 1)?.map(|id| Text::from(id.to_string())),
                _ => row.opt_text(at + 1)?.map(Text::new),
            });
        }
        people.insert(row.int(0)?, person);
        Ok(())
    })?;
    for invoice in invoices {
        let person = invoice.get("ID").and_then(Value::as_int).and_then(|id| people.remove(&id));
        let (Value::Map(invoice), Some(person)) = (invoice, person) else { continue };
        for ((code, ..), value) in PERSON.iter().zip(person) {
            if let Some(shown) = invoice.get_mut(code) {
                *shown = value.map_or(Value::Null, Value::Str);
            }
        }
    }
    Ok(())
}

/// The descriptor of a list whose members have these fields.
pub(super) fn array(title: &'static str, members: Map, language: Locale) -> Value {
    let field = Field::new("", Kind::Json, title);
    let mut described = describe::plain(&field, "array", language).into_map().unwrap_or_default();
    described.push("definition", members.into_value());
    described.into_value()
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    let described = describe::descriptors(call, &invoices(call), Naming::Legacy);
    let mut fields = described.into_map().unwrap_or_default();
    describe::correct(&mut fields, "ACCOUNT_NUMBER", "isRequired", true);
    fields.push("INVOICE_PROPERTIES", payer::described(call.language));
    fields.push("PRODUCT_ROWS", rows::described(call.language));
    Ok(fields.into_value())
}
