//! An order alone is shown with everything that belongs to it; in a list, with its own fields.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Face, Noun, Row};
use wire::{Map, Value};

use super::{TEXTS, client};
use crate::kit::{blank, shown_by};
use crate::payer::person_type::PERSON_TYPE;
use crate::property::value::{self, VALUE};
use crate::{basket, payment, shipment, trade};

/// What an order consists of, as an answer about it names that.
const PARTS: [(&str, &Noun, &Face); 6] = [
    ("basketItems", &basket::BASKET, &basket::FACE),
    ("payments", &payment::PAYMENT, &payment::FACE),
    ("shipments", &shipment::SHIPMENT, &shipment::FACE),
    ("propertyValues", &VALUE, &value::OF_ORDERS),
    ("clients", &client::CLIENT, &client::FACE),
    ("tradeBindings", &trade::BINDING, &trade::FACE),
];

pub(super) fn complete(call: &mut Call<'_, '_>, rows: &[Row], shown: &mut [Map], whole: bool) -> Result<()> {
    let payers: Vec<i64> = rows.iter().filter_map(|row| row.int("personTypeId")).collect();
    let payers = noun::again_all(call, &PERSON_TYPE, payers)?;
    let statuses = statuses(call)?;
    for (row, map) in rows.iter().zip(shown.iter_mut()) {
        map.insert("accountNumber", row.number.to_string());
        let payer = row.int("personTypeId").and_then(|id| payers.get(&id));
        map.insert("personTypeXmlId", payer.map_or("", |payer| payer.text("xmlId")).to_owned());
        map.insert("statusXmlId", statuses.get(row.text("statusId")).cloned().unwrap_or_default());
        blank(map, TEXTS);
        if !whole {
            map.remove("requisiteLink");
        } else if map.get("requisiteLink") == Some(&Value::Null) {
            map.insert("requisiteLink", Value::List(Vec::new()));
        }
    }
    if let ([row], [map], true) = (rows, shown, whole) {
        for (name, noun, face) in PARTS {
            let mut parts = shown_by(call, noun, face, "orderId", &[row.number])?;
            map.insert(name, parts.remove(&row.number).unwrap_or_default());
        }
    }
    Ok(())
}

/// The external IDs of all statuses, by their codes.
pub fn statuses(call: &mut Call<'_, '_>) -> Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    call.tx.query("SELECT code, xml_id FROM sale_status", &[], |row| {
        found.insert(row.text(0)?.to_owned(), row.opt_text(1)?.unwrap_or_default().to_owned());
        Ok(())
    })?;
    Ok(found)
}
