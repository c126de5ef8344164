//! The values that deliveries have of their handlers' settings: `sale.delivery.config.*`.

use std::collections::HashMap;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::service::named;
use crate::SCOPE;
use crate::kit::{self, unfit, words};

const FACE: Face =
    Face { verbs: &[], faults: words("ERROR_DELIVERY_NOT_FOUND", "Delivery not found"), ..Face::legacy("") };

/// Values of settings.
pub static VALUE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("deliveryId", Kind::Integer, "Delivery").required().indexed(),
        field("code", Kind::String, "Setting").required(),
        field("value", Kind::Json, "Value"),
    ],
    faces: &[FACE],
    ..noun(
        "sale.deliveryConfig",
        "sale_delivery_config",
        SCOPE,
        ["setting of a delivery", "settings of deliveries"],
    )
};

/// Settings that one call sets at most, and the bytes of a value.
const MOST: (usize, usize) = (200, 20_000);

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("sale.delivery.config.get", SCOPE, get)
            .own_words()
            .about("Returns the settings of a delivery.")
            .param(required("ID", method::Kind::Id, "Delivery"))
            .example(json!({"ID": 4}), json!("*")),
        write("sale.delivery.config.update", SCOPE, update)
            .own_words()
            .about("Sets the given settings of a delivery.")
            .param(required("ID", method::Kind::Id, "Delivery"))
            .param(optional("CONFIG", method::Kind::List, "Code and value of each setting"))
            .example(json!({"ID": 4, "CONFIG": [{"CODE": "ACCOUNT", "VALUE": "4711"}]}), json!(true)),
    ]
}

/// The codes that a handler describes.
fn codes(settings: &Json) -> Vec<String> {
    let config = settings.get("CONFIG").and_then(Json::as_array).into_iter().flatten();
    config.filter_map(|setting| setting["CODE"].as_str().map(str::to_owned)).collect()
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (delivery, settings) = named(call, "ID")?;
    let rows = noun::among(call, &VALUE, "deliveryId", &[delivery.number])?;
    let show = |code: String| {
        let row = rows.iter().find(|row| row.text("code") == code);
        let mut map = Map::with_capacity(2);
        map.push("VALUE", row.map_or(Value::Null, |row| row.json("value").into()));
        map.insert("CODE", code);
        Value::Map(map)
    };
    Ok(codes(&settings).into_iter().map(show).collect::<Vec<_>>().into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (delivery, settings) = named(call, "ID")?;
    let given = call.param("CONFIG").filter(|given| given.is_array()).cloned();
    set(call, delivery.number, &codes(&settings), &given.ok_or_else(|| kit::undefined("CONFIG"))?)?;
    Ok(true.into())
}

/// Sets values of a new delivery of a handler.
///
/// # Errors
/// The refusal of settings that the handler does not describe.
pub fn keep(call: &mut Call<'_, '_>, delivery: i64, handler: &Row, given: &Value) -> Result<()> {
    set(call, delivery, &codes(&handler.json("settings")), given)
}

fn set(call: &mut Call<'_, '_>, delivery: i64, codes: &[String], given: &Value) -> Result<()> {
    if given.items().count() > MOST.0 {
        return Err(unfit("CONFIG").into());
    }
    let rows = noun::among(call, &VALUE, "deliveryId", &[delivery])?;
    let mut numbers: HashMap<String, i64> =
        rows.iter().map(|row| (row.text("code").to_owned(), row.number)).collect();
    for setting in given.items() {
        let code = setting.get("CODE").and_then(Value::text).unwrap_or_default().into_owned();
        let value = setting.get("VALUE").cloned().unwrap_or_default();
        if !codes.contains(&code) || value.weight() > MOST.1 {
            return Err(unfit("CONFIG").into());
        }
        let mut fields = Map::with_capacity(3);
        fields.push("DELIVERY_ID", delivery);
        fields.push("CODE", code.as_str());
        fields.push("VALUE", value);
        match numbers.get(&code) {
            Some(number) => _ = noun::amend(call, &VALUE, &FACE, *number, &fields)?,
            None => _ = numbers.insert(code, noun::put(call, &VALUE, &fields)?.number),
        }
    }
    Ok(())
}
