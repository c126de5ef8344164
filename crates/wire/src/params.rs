//! One ordered map out of a call's query string and body (protocol 1.4).

use indexmap::IndexMap;

use crate::{Fault, Limits, Map, Text, Value, exception, form, json, multipart};

/// The body of a request, as far as parameters are concerned.
#[derive(Clone, Copy, Default)]
pub struct Body<'a> {
    /// Whether the verb is POST; no other has body parameters.
    pub is_post: bool,
    /// The `Content-Type` header as it came.
    pub content_type: Option<&'a str>,
    /// The whole body.
    pub bytes: &'a [u8],
}

impl Body<'_> {
    /// Decodes by content type: JSON and multipart under their own, anything else as a form. Broken JSON and
    /// JSON that is no array hold no parameters; a JSON list holds `0`, `1`, …
    fn decode(&self, limits: &Limits) -> Map {
        if !self.is_post {
            return Map::new();
        }
        let content_type = self.content_type.unwrap_or_default();
        let main = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match main.as_str() {
            "application/json" => {
                json::decode(self.bytes, limits).and_then(Value::into_map).unwrap_or_default()
            }
            "multipart/form-data" => multipart::decode(content_type, self.bytes, limits),
            _ => form::decode(self.bytes, limits),
        }
    }
}

/// Decodes the query string, then the body, whose top-level keys replace the query's.
pub fn decode(query: &str, body: &Body, limits: &Limits) -> Map {
    let query = form::decode(query.as_bytes(), limits);
    let body = body.decode(limits);
    if query.is_empty() {
        return body;
    }
    let mut merged: IndexMap<Text, Value> = query.into_iter().collect();
    merged.extend(body);
    merged.into_iter().collect()
}

/// Decodes the parameters of REST 3.0: a body of JSON, or none at all. A list holds `0`, `1`, …
///
/// # Errors
/// `INVALIDJSONEXCEPTION` for a body that is anything else.
pub fn decode_strictly(body: &Body<'_>, limits: &Limits) -> Result<Map, Fault> {
    if !body.is_post || body.bytes.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let content_type = body.content_type.unwrap_or_default();
    let main = content_type.split(';').next().unwrap_or_default().trim();
    if !main.eq_ignore_ascii_case("application/json") {
        return Err(exception::invalid_json());
    }
    let decoded = json::decode(body.bytes, limits).and_then(Value::into_map);
    decoded.ok_or_else(exception::invalid_json)
}

/// The offset of a list (protocol 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The first row wanted, counted from 0.
    At(u32),
    /// Negative: from the first row, and nobody wants to know the total.
    Uncounted,
}

impl Start {
    /// Anything but a number is 0; a number beyond 32 bits is beyond every list.
    fn parse(value: &Value) -> Self {
        let number = value.as_float().unwrap_or(0.0);
        // `as` saturates and drops the fraction.
        if number < 0.0 { Start::Uncounted } else { Start::At(number as u32) }
    }
}

/// The top-level parameters that belong to the server and not to the method (protocol 1.4).
#[derive(Clone, Default, PartialEq)]
pub struct Reserved {
    /// `start`
    pub start: Option<Start>,
    /// `state`, to be signed and sent back
    pub state: Option<Value>,
    /// `token` of a signed link to a file
    pub token: Option<Value>,
    /// `auth_connector`, the name under which offline events know the caller
    pub auth_connector: Option<Value>,
}

/// Takes the reserved parameters out of `params`.
///
/// Credentials given as parameters (`auth`, `access_token`, `aplogin`, `ap`) are dropped, since those of the
/// path count, and so is `method`.
pub fn take_reserved(params: &mut Map) -> Reserved {
    for dropped in ["auth", "access_token", "aplogin", "ap", "method"] {
        params.remove(dropped);
    }
    Reserved {
        start: params.remove("start").as_ref().map(Start::parse),
        state: params.remove("state"),
        token: params.remove("token"),
        auth_connector: params.remove("auth_connector"),
    }
}
