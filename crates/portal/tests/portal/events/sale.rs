//! Events of orders.

use serde_json::{Value, json};
use testportal::Hook;

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    match event {
        "ONORDERENTITYSAVED"
        | "ONORDERDELETED"
        | "ONSALEORDERSAVED"
        | "ONSALEBEFOREORDERDELETE"
        | "ONPAYMENTENTITYSAVED"
        | "ONPAYMENTDELETED"
        | "ONSHIPMENTENTITYSAVED"
        | "ONSHIPMENTDELETED"
        | "ONPROPERTYVALUEENTITYSAVED"
        | "ONPROPERTYVALUEDELETED" => of(event, "", store_order),
        _ => None,
    }
}

/// An order, or something that belongs to one.
fn store_order(portal: &Hook, event: &str) -> Value {
    let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD", "xmlId": "x"});
    let order = portal.get("sale.order.add", json!({"fields": fields}))["order"]["id"].clone();
    let of = |what: &str, fields: Value| {
        portal.get(&format!("sale.{what}.add"), json!({"fields": fields}))[what]["id"].clone()
    };
    let (what, id) = match event {
        "ONPAYMENTENTITYSAVED" | "ONPAYMENTDELETED" => {
            ("payment", of("payment", json!({"orderId": order, "paySystemId": 3, "sum": 1})))
        }
        "ONSHIPMENTENTITYSAVED" | "ONSHIPMENTDELETED" => {
            let fields = json!({"orderId": order, "deliveryId": 2, "allowDelivery": "N", "deducted": "N"});
            ("shipment", of("shipment", fields))
        }
        "ONPROPERTYVALUEENTITYSAVED" | "ONPROPERTYVALUEDELETED" => {
            let value = json!({"id": order, "propertyValues": [{"orderPropsId": 1, "value": "x"}]});
            let written = portal.get("sale.propertyvalue.modify", json!({"fields": {"order": value}}));
            ("propertyvalue", written["propertyValues"][0]["id"].clone())
        }
        _ => ("order", order),
    };
    let action = match event.ends_with("DELETED") || event.ends_with("DELETE") {
        true => {
            portal.get(&format!("sale.{what}.delete"), json!({"id": id}));
            "delete"
        }
        false => "save",
    };
    match event.starts_with("ONSALE") {
        true => json!({"FIELDS": {"ID": id.to_string(), "XML_ID": "x", "ACTION": action}}),
        false => json!({"FIELDS": {"ID": id.to_string()}}),
    }
}
