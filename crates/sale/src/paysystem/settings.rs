//! The values that pay systems have of their handlers' settings: `sale.paysystem.settings.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::PAY_SYSTEM;
use super::handler::{self, HANDLER};
use super::pay::{invoice, payment};
use super::system::named;
use crate::kit::{self, unfit, words};

/// Values of settings: one row for each pay system and payer type; 0 for all types.
pub static SETTINGS: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("paySystemId", Kind::Integer, "Pay system").required().indexed(),
        field("personTypeId", Kind::Integer, "Payer type").required(),
        field("settings", Kind::Json, "Values").required(),
    ],
    faces: &[FACE],
    ..noun(
        "sale.paySystemSettings",
        "sale_pay_system_settings",
        PAY_SYSTEM,
        ["settings of a pay system", "settings of pay systems"],
    )
};

const FACE: Face =
    Face { verbs: &[], faults: words("ERROR_CHECK_FAILURE", "Pay system not found"), ..Face::legacy("") };

/// Settings that a pay system has at most, and their size.
const MOST: (usize, usize) = (200, 60_000);

/// The methods.
pub fn methods() -> Vec<Method> {
    let settings = |name: &str, about: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        read(format!("sale.paysystem.settings.{name}"), PAY_SYSTEM, handler).own_words().about(about)
    };
    vec![
        settings("get", "Returns the settings of a pay system.", get)
            .param(required("ID", method::Kind::Id, "Pay system"))
            .param(required("PERSON_TYPE_ID", method::Kind::Int, "Payer type; 0 for all"))
            .example(json!({"ID": 5, "PERSON_TYPE_ID": 0}), json!({"REST_SERVICE_ID_IFRAME": "*"})),
        settings("payment.get", "Returns the settings with which a payment is paid.", of_payment)
            .param(required("PAYMENT_ID", method::Kind::Id, "Payment"))
            .param(required("PAY_SYSTEM_ID", method::Kind::Id, "Pay system"))
            .example(json!({"PAYMENT_ID": 1, "PAY_SYSTEM_ID": 3}), json!("*")),
        settings(
            "invoice.get",
            "Returns the settings with which an invoice of the older kind is paid.",
            of_invoice,
        )
        .param(required("INVOICE_ID", method::Kind::Id, "Invoice"))
        .param(optional("PAY_SYSTEM_ID", method::Kind::Id, "Pay system"))
        .param(optional("BX_REST_HANDLER", method::Kind::Text, "Code of the handler"))
        .example(json!({"INVOICE_ID": 1, "PAY_SYSTEM_ID": 1}), json!("*")),
        write("sale.paysystem.settings.update", PAY_SYSTEM, update)
            .own_words()
            .about("Sets the given settings of a pay system.")
            .param(required("ID", method::Kind::Id, "Pay system"))
            .param(optional("PERSON_TYPE_ID", method::Kind::Int, "Payer type; 0 for all"))
            .param(required("SETTINGS", method::Kind::Fields, "Type and value by setting"))
            .example(
                json!({"ID": 5, "SETTINGS": {"REST_SERVICE_ID_IFRAME": {"TYPE": "VALUE", "VALUE": "200"}}}),
                json!(true),
            ),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let system = named(call, "ID")?;
    kit::require(call, &["PERSON_TYPE_ID"])?;
    let payer =
        call.param("PERSON_TYPE_ID").and_then(Value::as_int).ok_or_else(|| unfit("PERSON_TYPE_ID"))?;
    values(call, &system, payer)
}

fn of_payment(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (payment, system) = payment(call)?;
    let order = noun::again(call, &crate::order::ORDER, payment.int("orderId").unwrap_or(0))?;
    let payer = order.and_then(|order| order.int("personTypeId")).unwrap_or(0);
    values(call, &system, payer)
}

fn of_invoice(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (payer, system) = invoice(call)?;
    values(call, &system, payer)
}

/// What is set for a payer type, over what is set for all of them, over the defaults of the handler.
fn values(call: &mut Call<'_, '_>, system: &Row, payer: i64) -> Result<Value> {
    let mut map = Map::new();
    for (code, described) in codes(call, system)? {
        let default = described.get("DEFAULT").filter(|default| default["PROVIDER_KEY"] == "VALUE");
        map.insert(
            code,
            default.and_then(|default| default["PROVIDER_VALUE"].as_str()).unwrap_or_default().to_owned(),
        );
    }
    for row in of(call, system.number)? {
        if [0, payer].contains(&row.int("personTypeId").unwrap_or(0)) {
            for (code, setting) in row.json("settings").as_object().into_iter().flatten() {
                let value = setting.get("VALUE").and_then(Json::as_str).unwrap_or_default();
                map.insert(code.as_str(), value.to_owned());
            }
        }
    }
    Ok(map.into_value())
}

/// The rows of a pay system, those for all payer types first.
fn of(call: &mut Call<'_, '_>, system: i64) -> Result<Vec<Row>> {
    let mut rows = noun::among(call, &SETTINGS, "paySystemId", &[system])?;
    rows.sort_by_key(|row| row.int("personTypeId"));
    Ok(rows)
}

/// The settings that a handler describes.
fn codes(call: &mut Call<'_, '_>, system: &Row) -> Result<Vec<(String, Json)>> {
    let settings = kit::settings(call, &HANDLER, system.get("handler"))?;
    let members = handler::codes(&settings).and_then(Json::as_object).into_iter().flatten();
    Ok(members.map(|(code, described)| (code.clone(), described.clone())).collect())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let system = named(call, "ID")?;
    let given = call.param("SETTINGS").filter(|given| given.is_array() && !given.is_empty()).cloned();
    let Some(given) = given else {
        return Err(Fault::new(400, "ERROR_HANDLER_NOT_FOUND", "Settings are not defined").into());
    };
    let payer = call.param("PERSON_TYPE_ID").and_then(Value::as_int).unwrap_or(0);
    keep(call, &system, payer, &given)?;
    Ok(true.into())
}

/// Sets values for a payer type.
///
/// # Errors
/// The refusal of too many.
pub fn keep(call: &mut Call<'_, '_>, system: &Row, payer: i64, given: &Value) -> Result<()> {
    let old = of(call, system.number)?.into_iter().find(|row| row.int("personTypeId") == Some(payer));
    let mut kept = match old.as_ref().map(|row| row.json("settings")) {
        Some(Json::Object(kept)) => kept,
        _ => serde_json::Map::new(),
    };
    for (code, setting) in given.entries() {
        let text = |name: &str| setting.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        kept.insert(code.into_owned(), json!({"TYPE": text("TYPE"), "VALUE": text("VALUE")}));
    }
    let (count, kept) = (kept.len(), Json::from(kept));
    if count > MOST.0 || kept.to_string().len() > MOST.1 {
        return Err(unfit("SETTINGS").into());
    }
    let mut fields = Map::with_capacity(3);
    fields.push("PAY_SYSTEM_ID", system.number);
    fields.push("PERSON_TYPE_ID", payer);
    fields.push("SETTINGS", Value::from(kept));
    match old {
        Some(old) => _ = noun::amend(call, &SETTINGS, &FACE, old.number, &fields)?,
        None => _ = noun::put(call, &SETTINGS, &fields)?,
    }
    Ok(())
}
