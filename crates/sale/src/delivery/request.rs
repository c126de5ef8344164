//! Requests for deliveries: `sale.delivery.request.*`. A shipment of a handler's delivery is one, by its tracking number.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::DELIVERY_SCOPE;
use super::service::DELIVERY;
use crate::kit::{self, words};

const FACE: Face = Face {
    verbs: &[],
    faults: words("REQUEST_NOT_FOUND", "Delivery request has not been found"),
    ..Face::legacy("")
};

/// What is known of requests, beyond the shipment.
pub static REQUEST: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("shipmentId", Kind::Integer, "Shipment").required().indexed(),
        field("finalized", Kind::Char, "Done").default("N"),
        field("properties", Kind::Json, "Properties"),
        field("messages", Kind::Json, "Messages"),
    ],
    faces: &[FACE],
    ..noun(
        "sale.deliveryRequest",
        "sale_delivery_request",
        DELIVERY_SCOPE,
        ["request for a delivery", "requests for deliveries"],
    )
};

/// Properties, and messages, that a request has at most.
const MOST: usize = 100;
/// Bytes of one of them.
const LENGTH: usize = 5_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |name: &str, about: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        write(format!("sale.delivery.request.{name}"), DELIVERY_SCOPE, handler)
            .own_words()
            .about(about)
            .param(required("DELIVERY_ID", method::Kind::Id, "Delivery"))
            .param(required("REQUEST_ID", method::Kind::Text, "Tracking number"))
    };
    vec![
        of("update", "Notes what became of a request for a delivery.", update)
            .param(optional("FINALIZE", method::Kind::Flag, "Whether it is done"))
            .param(optional("STATUS", method::Kind::Fields, "Text and meaning: process or success"))
            .param(optional("PROPERTIES", method::Kind::List, "Name and value of properties"))
            .param(optional("OVERWRITE_PROPERTIES", method::Kind::Flag, "Whether they replace those before"))
            .example(
                json!({"DELIVERY_ID": 5, "REQUEST_ID": "P-1001", "STATUS": {"TEXT": "On its way", "SEMANTIC": "process"}}),
                json!(true),
            ),
        of("sendmessage", "Keeps a message about a request for a delivery.", send)
            .param(required("ADDRESSEE", method::Kind::Text, "MANAGER or RECIPIENT"))
            .param(required("MESSAGE", method::Kind::Fields, "Subject, body and status"))
            .example(
                json!({"DELIVERY_ID": 5, "REQUEST_ID": "P-1001", "ADDRESSEE": "MANAGER", "MESSAGE": {
                    "SUBJECT": "On its way", "BODY": "It arrives tomorrow", "STATUS": {"MESSAGE": "Success", "SEMANTIC": "success"},
                }}),
                json!(true),
            ),
        of("delete", "Deletes a request for a delivery; its shipment has no tracking number any more.", delete)
            .example(json!({"DELIVERY_ID": 5, "REQUEST_ID": "P-1001"}), json!(true)),
    ]
}

fn refused(code: &'static str, text: &'static str) -> engine::Error {
    Fault::new(400, code, text).into()
}

/// The shipment that a request names.
fn shipment(call: &mut Call<'_, '_>) -> Result<i64> {
    kit::require_admin(call)?;
    let given = |call: &Call<'_, '_>, name| call.param(name).is_some_and(|value| !value.is_empty());
    if !given(call, "DELIVERY_ID") {
        return Err(refused("DELIVERY_ID_NOT_SPECIFIED", "Delivery service id has not been specified"));
    }
    let id = call.param("DELIVERY_ID").and_then(Value::as_int).unwrap_or(0);
    if !noun::has(call, &DELIVERY, &[("id", id.into())])? {
        return Err(refused("DELIVERY_NOT_FOUND", "Delivery service has not been found"));
    }
    if !given(call, "REQUEST_ID") {
        return Err(refused("REQUEST_ID_NOT_SPECIFIED", "Delivery request id has not been specified"));
    }
    let number = call.text("REQUEST_ID").unwrap_or_default();
    let sql = "SELECT s.id FROM sale_shipment s JOIN sale_delivery d ON d.id = s.delivery_id \
               WHERE s.tracking_number = ? AND (d.id = ? OR d.parent_id = ?) AND d.rest_code IS NOT NULL ORDER BY s.id";
    let found = call.tx.one(sql, &[number.into(), id.into(), id.into()], |row| row.int(0))?;
    found.ok_or_else(|| refused("REQUEST_NOT_FOUND", "Delivery request has not been found"))
}

/// What is known of it.
fn known(call: &mut Call<'_, '_>, shipment: i64) -> Result<Option<Row>> {
    Ok(noun::among(call, &REQUEST, "shipmentId", &[shipment])?.pop())
}

fn flag(call: &Call<'_, '_>, name: &str, code: &'static str) -> Result<Option<bool>> {
    match call.text(name).as_deref() {
        None => Ok(None),
        Some("Y") => Ok(Some(true)),
        Some("N") => Ok(Some(false)),
        Some(_) => Err(refused(code, "Allowed values: Y, N")),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let shipment = shipment(call)?;
    let finalize = flag(call, "FINALIZE", "UNEXPECTED_REQUEST_FINALIZE_INDICATOR_VALUE")?;
    let overwrite = flag(call, "OVERWRITE_PROPERTIES", "UNEXPECTED_OVERWRITE_PROPERTIES_VALUE")?;
    let status = call.param("STATUS").cloned();
    let properties = call.param("PROPERTIES").cloned();
    if finalize.is_none() && status.is_none() && properties.is_none() {
        return Err(refused("EMPTY_UPDATE_PAYLOAD", "There is nothing to update"));
    }
    if let Some(status) = status {
        track(call, shipment, &status)?;
    }
    let old = known(call, shipment)?;
    let mut fields = Map::new();
    fields.push("SHIPMENT_ID", shipment);
    if let Some(done) = finalize {
        fields.push("FINALIZED", if done { "Y" } else { "N" });
    }
    if let Some(given) = properties {
        let before = old.as_ref().filter(|_| overwrite != Some(true)).map(|row| row.json("properties"));
        fields.push("PROPERTIES", Value::from(joined(before, &given)?));
    }
    keep(call, old, &fields)
}

fn keep(call: &mut Call<'_, '_>, old: Option<Row>, fields: &Map) -> Result<Value> {
    match old {
        Some(old) => _ = noun::amend(call, &REQUEST, &FACE, old.number, fields)?,
        None => _ = noun::put(call, &REQUEST, fields)?,
    }
    Ok(true.into())
}

/// The shipment shows the status.
fn track(call: &mut Call<'_, '_>, shipment: i64, status: &Value) -> Result<()> {
    if !status.is_array() {
        return Err(refused("STATUS_UNEXPECTED_FORMAT", "The status is not an object"));
    }
    let text = |name: &str| {
        let text = status.get(name).and_then(Value::text).filter(|text| !text.is_empty());
        text.map(|text| text.chars().take(250).collect::<String>())
    };
    let named = text("TEXT").ok_or_else(|| refused("STATUS_TEXT_NOT_SPECIFIED", "The status has no text"))?;
    let semantic = text("SEMANTIC").filter(|text| ["process", "success"].contains(&&**text));
    let semantic =
        semantic.ok_or_else(|| refused("STATUS_SEMANTIC_NOT_SPECIFIED", "The status has no meaning"))?;
    let sql = "UPDATE sale_shipment SET tracking_description = ?, tracking_status = ?, tracking_last_check = ? WHERE id = ?";
    let now = call.now.seconds();
    call.tx.execute(sql, &[named.into(), semantic.into(), now.to_string().into(), shipment.into()])?;
    Ok(())
}

/// The properties of before, with those that are given.
fn joined(before: Option<Json>, given: &Value) -> Result<Json> {
    if !given.is_array() {
        return Err(refused("PROPERTIES_UNEXPECTED_FORMAT", "The properties are not a list"));
    }
    let mut all: Vec<Json> = match before {
        Some(Json::Array(list)) => list,
        _ => Vec::new(),
    };
    for property in given.items() {
        let text = |name: &str| property.get(name).and_then(Value::text).filter(|text| !text.is_empty());
        let found =
            text("NAME").zip(text("VALUE")).filter(|(name, value)| name.len() + value.len() <= LENGTH);
        let Some((name, value)) = found else {
            return Err(refused("PROPERTY_VALUE_UNEXPECTED_FORMAT", "A property has no name or no value"));
        };
        let tags = property.get("TAGS").cloned().unwrap_or_default();
        if !tags.is_empty() && !tags.is_array() {
            return Err(refused("PROPERTY_VALUE_TAGS_UNEXPECTED_FORMAT", "The tags are not a list"));
        }
        if tags.items().any(|tag| tag.as_str() != Some("phone")) {
            return Err(refused("PROPERTY_VALUE_TAG_UNEXPECTED_FORMAT", "The tag is unknown"));
        }
        all.retain(|other| other["NAME"] != *name);
        all.push(json!({"NAME": name, "VALUE": value, "TAGS": Json::from(&tags)}));
    }
    match all.len() <= MOST {
        true => Ok(all.into()),
        false => Err(refused("UPDATE_REQUEST_INTERNAL_ERROR", "There are too many properties")),
    }
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let shipment = shipment(call)?;
    let addressee = call
        .text("ADDRESSEE")
        .ok_or_else(|| refused("ADDRESSEE_IS_NOT_SPECIFIED", "The addressee has not been specified"))?;
    if !["MANAGER", "RECIPIENT"].contains(&&*addressee) {
        return Err(refused("ADDRESSEE_UNEXPECTED_VALUE", "Allowed values: MANAGER, RECIPIENT"));
    }
    let message = call.param("MESSAGE").filter(|message| message.is_array() && !message.is_empty()).cloned();
    let message =
        message.ok_or_else(|| refused("MESSAGE_NOT_SPECIFIED", "The message has not been specified"))?;
    if message.weight() > LENGTH * 4 {
        return Err(refused("MESSAGE_NOT_SPECIFIED", "The message is too long"));
    }
    if let Some(status) = message.get("STATUS") {
        let text = |name: &str| status.get(name).and_then(Value::text).filter(|text| !text.is_empty());
        if text("MESSAGE").is_none() {
            return Err(refused("MESSAGE_STATUS_NOT_SPECIFIED", "The status of the message has no text"));
        }
        match text("SEMANTIC").as_deref() {
            None => {
                let text = "The status of the message has no meaning";
                return Err(refused("MESSAGE_STATUS_SEMANTIC_NOT_SPECIFIED", text));
            }
            Some("process" | "success") => {}
            Some(_) => {
                return Err(refused(
                    "UNEXPECTED_MESSAGE_STATUS_SEMANTIC",
                    "Allowed values: process, success",
                ));
            }
        }
    }
    let old = known(call, shipment)?;
    let mut messages = match old.as_ref().map(|row| row.json("messages")) {
        Some(Json::Array(list)) => list,
        _ => Vec::new(),
    };
    messages
        .push(json!({"addressee": addressee, "sentAt": call.now.seconds(), "message": Json::from(&message)}));
    let first = messages.len().saturating_sub(MOST);
    let mut fields = Map::new();
    fields.push("SHIPMENT_ID", shipment);
    fields.push("MESSAGES", Value::from(Json::from(messages.split_off(first))));
    keep(call, old, &fields)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let shipment = shipment(call)?;
    noun::clear(call, &REQUEST, &[("shipmentId", shipment.into())])?;
    let sql = "UPDATE sale_shipment SET tracking_number = NULL, tracking_status = NULL, tracking_description = NULL \
               WHERE id = ?";
    call.tx.execute(sql, &[shipment.into()])?;
    Ok(true.into())
}
