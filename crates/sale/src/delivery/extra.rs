//! Extra services of deliveries: `sale.delivery.extra.service.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::entity::codec::plain_number;
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, Verb, field, noun};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Map, Value};

use super::DELIVERY_SCOPE;
use super::service::{self, DELIVERY, named};
use crate::kit::{self, DIGITS, undefined, unfit, words};

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    faults: words("ERROR_EXTRA_SERVICE_NOT_FOUND", "Extra service not found"),
    ..Face::flat("sale.delivery.extra.service", "ID")
};

/// Extra services.
pub static EXTRA: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("deliveryId", Kind::Integer, "Delivery").required().immutable().indexed().sample("2"),
        field("code", Kind::String, "Code").sample("upstairs"),
        field("name", Kind::String, "Name").required().sample("Upstairs"),
        field("description", Kind::Text, "Description"),
        field("active", Kind::Char, "Active").default("Y"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("type", Kind::Choice(&["enum", "checkbox", "quantity"]), "Type: enum, checkbox or quantity")
            .required()
            .immutable()
            .sample("checkbox"),
        field("price", Kind::Decimal(DIGITS), "Price").sample("12.5"),
        field("items", Kind::Json, "Options, with their prices"),
    ],
    faces: &[FACE],
    hooks: &Extras,
    ..noun(
        "sale.deliveryExtraService",
        "sale_delivery_extra",
        DELIVERY_SCOPE,
        ["extra service of a delivery", "extra services of deliveries"],
    )
};

/// Options that a service has at most.
const MOST: usize = 100;

struct Extras;

impl Hooks for Extras {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(delivery) = draft.int("deliveryId")
            && !noun::has(call, &DELIVERY, &[("id", delivery.into())])?
        {
            return Err(service::FACE.faults.missing.fault().into());
        }
        let is_list = *draft.after(old, "type") == Param::from("enum");
        let items = match draft.get("items") {
            Some(Param::Text(json)) => serde_json::from_str(json).unwrap_or(Json::Null),
            _ if old.is_none() && is_list => return Err(undefined("ITEMS").into()),
            _ => return Ok(()),
        };
        let lacks = |item: &Json| item["TITLE"].as_str().is_none_or(str::is_empty);
        match items.as_array().is_some_and(|items| items.len() <= MOST && !items.iter().any(lacks)) {
            true => Ok(()),
            false => Err(unfit("ITEMS").into()),
        }
    }
}

/// The method that lists those of a delivery.
pub fn method() -> Method {
    read("sale.delivery.extra.service.get", DELIVERY_SCOPE, get)
        .own_words()
        .about("Lists the extra services of a delivery.")
        .param(required("DELIVERY_ID", method::Kind::Id, "Delivery"))
        .example(json!({"DELIVERY_ID": 2}), json!([{"TYPE": "checkbox"}]))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (delivery, _) = named(call, "DELIVERY_ID")?;
    let rows = noun::among(call, &EXTRA, "deliveryId", &[delivery.number])?;
    let mut maps = noun::show_all(call, &EXTRA, &FACE, &rows, false)?;
    for (row, map) in rows.iter().zip(&mut maps) {
        map.remove("DELIVERY_ID");
        let of_list = row.text("type") == "enum";
        map.remove(if of_list { "PRICE" } else { "ITEMS" });
        match of_list {
            true => map.insert("ITEMS", items(row)),
            false => map.insert("PRICE", row.decimal("price").map(plain_number)),
        }
    }
    Ok(maps.into_iter().map(Value::Map).collect::<Vec<_>>().into())
}

fn items(row: &Row) -> Vec<Value> {
    let text = |item: &Json, name: &str| match &item[name] {
        Json::Null => Value::Null,
        Json::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    };
    let show = |item: &Json| {
        let mut map = Map::with_capacity(3);
        for name in ["TITLE", "CODE", "PRICE"] {
            map.push(name, text(item, name));
        }
        Value::Map(map)
    };
    row.json("items").as_array().into_iter().flatten().map(show).collect()
}
