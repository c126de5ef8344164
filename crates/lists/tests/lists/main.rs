//! Lists through the front door.

#![allow(clippy::unwrap_used, reason = "what fails fails the test")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod elements;
mod rights;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// A list with these rights.
pub fn list(who: &Hook, code: &str, rights: Json) -> i64 {
    let given =
        json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": code, "FIELDS": {"NAME": code}, "RIGHTS": rights});
    who.get("lists.add", given).as_i64().unwrap()
}

/// Parameters that name a list, with others.
pub fn of(list: i64, more: Json) -> Json {
    let mut params = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list});
    if let (Json::Object(params), Json::Object(more)) = (&mut params, more) {
        params.extend(more);
    }
    params
}

/// A field of that type, by its name.
pub fn field(who: &Hook, list: i64, kind: &str, more: Json) -> String {
    let mut fields = json!({"NAME": kind, "TYPE": kind, "CODE": kind.replace(':', "_")});
    if let (Json::Object(fields), Json::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    who.get("lists.field.add", of(list, json!({"FIELDS": fields}))).as_str().unwrap().to_owned()
}

/// An element with these values.
pub fn element(who: &Hook, list: i64, code: &str, fields: Json) -> i64 {
    let mut given = json!({"NAME": code});
    if let (Json::Object(given), Json::Object(fields)) = (&mut given, fields) {
        given.extend(fields);
    }
    who.get("lists.element.add", of(list, json!({"ELEMENT_CODE": code, "FIELDS": given}))).as_i64().unwrap()
}
