//! `biconnector.connector.fields`: how connectors of BI analytics are described. Connectors themselves need an application.

use engine::method::{Method, read};
use serde_json::json;
use wire::{Map, Value};

/// Name, type, and whether it is required, read-only and a list.
const FIELDS: [(&str, &str, bool, bool, bool); 11] = [
    ("id", "integer", true, true, false),
    ("title", "string", true, false, false),
    ("logo", "string", true, false, false),
    ("description", "string", false, false, false),
    ("sort", "integer", false, false, false),
    ("urlCheck", "string", true, false, false),
    ("urlData", "string", true, false, false),
    ("urlTableList", "string", true, false, false),
    ("urlTableDescription", "string", true, false, false),
    ("settings", "array", true, false, true),
    ("dateCreate", "datetime", true, true, false),
];

/// The method.
pub fn method() -> Method {
    read("biconnector.connector.fields", "biconnector", |_| {
        let fields = FIELDS.iter().map(|(title, kind, required, read_only, multiple)| {
            let mut map = Map::with_capacity(6);
            map.push("title", *title);
            map.push("type", *kind);
            map.push("isRequired", *required);
            map.push("isReadOnly", *read_only);
            map.push("isImmutable", false);
            map.push("isMultiple", *multiple);
            map.into_value()
        });
        Ok(Value::under("fields", fields.collect::<Vec<_>>()))
    })
    .about("Describes the fields of connectors.")
    .example(json!({}), json!({"fields": "*"}))
}
