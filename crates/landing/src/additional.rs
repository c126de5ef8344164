//! Additional fields of sites and pages: values by code, kept as they are given.

use engine::entity::Row;
use engine::error::Result;
use wire::{Map, Value};

use crate::refusal::coded;
use crate::show;

/// Codes that a site or page has at most.
const MOST: usize = 200;

/// What becomes of the additional fields when a request gives some; `None` when it gives none.
///
/// # Errors
/// `BX_INVALID_VALUE` for what is no object or too much.
pub fn given(fields: &Map, old: Option<&Row>) -> Result<Option<Value>> {
    let Some(given) = fields.get("ADDITIONAL_FIELDS") else { return Ok(None) };
    let unfit = || coded("BX_INVALID_VALUE", "The value of the field \"ADDITIONAL_FIELDS\" is invalid.");
    if !given.is_array() && !given.is_empty() {
        return Err(unfit().into());
    }
    let mut kept =
        old.map(|row| show::json(row, "additionalFields")).and_then(Value::into_map).unwrap_or_default();
    for (code, value) in given.entries() {
        let fits = code.len() <= 100 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !fits {
            return Err(unfit().into());
        }
        kept.insert(code.as_ref(), value.clone());
    }
    if kept.len() > MOST {
        return Err(unfit().into());
    }
    Ok(Some(kept.into_value()))
}

/// The additional fields that have a value; `[]` when there are none.
pub fn shown(row: &Row) -> Value {
    let all = show::json(row, "additionalFields").into_map().unwrap_or_default();
    let filled: Map = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if filled.is_empty() { Vec::new().into() } else { filled.into_value() }
}

/// The text of one of them; empty when there is none.
pub fn text(row: &Row, code: &str) -> String {
    show::json(row, "additionalFields")
        .get(code)
        .and_then(Value::text)
        .map(|text| text.into_owned())
        .unwrap_or_default()
}
