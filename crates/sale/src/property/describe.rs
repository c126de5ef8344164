//! What a property of a type consists of: `sale.property.getfieldsbytype` and `sale.shipmentproperty.getfieldsbytype`.

use engine::call::Call;
use engine::entity::{Naming, describe};
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{PROPERTY, TYPES};
use crate::SCOPE;
use crate::kit::faults;

/// The methods.
pub fn methods() -> Vec<Method> {
    ["sale.property", "sale.shipmentproperty"]
        .map(|path| {
            read(format!("{path}.getfieldsbytype"), SCOPE, by_type)
                .controller()
                .about("Describes the fields of a property of a type.")
                .param(required(
                    "type",
                    Kind::Text,
                    "Type: STRING, Y/N, NUMBER, ENUM, FILE, DATE, LOCATION or ADDRESS",
                ))
                .example(
                    json!({"type": "NUMBER"}),
                    json!({"property": {"settings": {"fields": {"min": "*"}}}}),
                )
        })
        .into_iter()
        .collect()
}

/// The fields that only properties of one type have.
const OWN: [(&str, &[&str]); 3] = [
    ("STRING", &["isProfileName", "isPayer", "isEmail", "isPhone", "isZip", "isAddress"]),
    ("LOCATION", &["isLocation", "isLocation4tax", "inputFieldLocation"]),
    ("ADDRESS", &["isAddressFrom", "isAddressTo"]),
];

/// The settings of a type.
fn settings(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "STRING" => &[
            ("minlength", "integer"),
            ("maxlength", "integer"),
            ("pattern", "string"),
            ("multiline", "char"),
            ("cols", "integer"),
            ("rows", "integer"),
            ("size", "integer"),
        ],
        "NUMBER" => &[("min", "integer"), ("max", "integer"), ("step", "integer")],
        "ENUM" => &[("multielement", "char"), ("size", "integer")],
        "FILE" => &[("maxsize", "integer"), ("accept", "string")],
        "DATE" => &[("time", "char")],
        _ => &[],
    }
}

fn by_type(call: &mut Call<'_, '_>) -> Result<Value> {
    if !call.caller.is_admin {
        return Err(faults(0, "").unreadable.fault().into());
    }
    let kind = call.text("type").unwrap_or_default();
    if !TYPES.contains(&&*kind) {
        return Err(Fault::numbered(400, 0, "Invalid value of field type").into());
    }
    let table = &call.core.modules.shape(&PROPERTY).table;
    let mut map = Map::with_capacity(table.fields.len());
    for (own, field) in PROPERTY.fields.iter().zip(&table.fields) {
        let of_another = OWN.iter().any(|(of, names)| *of != kind && names.contains(&own.name));
        let Some(name) = Naming::Item.name(field).filter(|_| !of_another) else { continue };
        let mut described = describe::short(field, own.type_name.unwrap_or(field.kind.wire_name()));
        if let (Value::Map(described), "settings") = (&mut described, own.name) {
            described.insert("fields", settings_of(&kind));
        }
        map.push(name, described);
    }
    Ok(Value::under("property", map))
}

fn settings_of(kind: &str) -> Value {
    let describe = |(name, type_name): &(&'static str, &'static str)| {
        let mut map = Map::with_capacity(4);
        map.push("isImmutable", false);
        map.push("isReadOnly", false);
        map.push("isRequired", false);
        map.push("type", *type_name);
        ((*name).into(), Value::Map(map))
    };
    let fields: Map = settings(kind).iter().map(describe).collect();
    fields.into_value()
}
