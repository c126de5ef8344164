//! Errors as JSON, in the language of the page.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use portal::texts::{Catalogue, Language};
use serde_json::{Value, json};
use wire::Fault;

use super::answer;

/// Seconds after which whoever tried too often may try again.
const WAIT: u16 = 30;
/// What an error says beside its words: the one field of a form that is at fault, and the network that would have to be
/// allowed.
const DETAILS: [&str; 2] = ["argument", "network"];
/// Where an error says its words.
const TEXT: &str = "error_description";

/// Why a request failed.
pub struct Refusal(Fault);

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal(fault)
    }
}

impl From<portal::Error> for Refusal {
    fn from(error: portal::Error) -> Self {
        Refusal(error.into_fault())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(fault) = self;
        let status = match &*fault.code {
            // REST has 400 for it; here it is a path that leads nowhere.
            "ERROR_NOT_FOUND" => StatusCode::NOT_FOUND,
            _ => StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        };
        let mut shape = shape(&fault.code, &fault.message);
        for detail in DETAILS {
            let given = fault.extra.get(detail).and_then(wire::Value::text);
            if let Some(text) = given.filter(|text| !text.is_empty()) {
                shape[detail] = text.into();
            }
        }
        let mut response = said(status, shape);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(WAIT));
        }
        response
    }
}

/// What whoever guesses gets.
pub fn too_many() -> Refusal {
    Fault::new(429, "ERROR_TOO_MANY_TRIES", "Too many attempts. Try again in a minute.").into()
}

/// What was refused, beside the answer that says it in English.
#[derive(Clone)]
struct Said(Value);

fn said(status: StatusCode, shape: Value) -> Response {
    let mut response = answer(status, &shape);
    response.extensions_mut().insert(Said(shape));
    response
}

/// A refusal as it is, or in another language.
pub fn in_language(mut response: Response, language: Language) -> Response {
    let Some(Said(mut shape)) = response.extensions_mut().remove() else { return response };
    let Some(text) = shape[TEXT].as_str().and_then(|english| translation(english, language)) else {
        return response;
    };
    shape[TEXT] = text.into();
    let (mut head, _) = response.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, shape.to_string().into())
}

/// A reason that is kept in English, in a language.
pub fn in_words(english: &str, language: Language) -> String {
    translation(english, language).unwrap_or_else(|| english.to_owned())
}

/// An error of the console, or else of the portal.
fn translation(english: &str, language: Language) -> Option<String> {
    static RUSSIAN: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(&[include_str!("../console/ru.toml")]));
    let own = match language {
        Language::English => return None,
        Language::Russian => &RUSSIAN,
    };
    own.error(english).or_else(|| portal::modules().texts().catalogue(language)?.error(english))
}

/// A refusal that needs no more than its words.
pub fn refuse(status: StatusCode, code: &str, text: &str) -> Response {
    said(status, shape(code, text))
}

fn shape(code: &str, text: &str) -> Value {
    json!({"error": code, TEXT: text})
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where it says why a delivery failed.
    const SOURCES: [&str; 3] = [
        include_str!("../courier/failure.rs"),
        include_str!("../courier/certificate.rs"),
        include_str!("../courier/proxy.rs"),
    ];

    #[test]
    fn why_a_delivery_failed_is_said_in_russian() {
        let mut said = 0;
        for text in SOURCES.iter().flat_map(|source| source.split("#[error(").skip(1)) {
            let Some(text) = text.trim_start().strip_prefix('"').and_then(|text| text.split('"').next())
            else {
                continue;
            };
            let parts: Vec<&str> = text.split("\\\n").map(str::trim_start).collect();
            let english = parts.concat();
            let filled = english.replace("{0}", "7").replace("{presented}", "a").replace("{expected}", "b");
            assert!(translation(&filled, Language::Russian).is_some(), "{english:?} has no Russian text");
            said += 1;
        }
        assert!(said > 20, "{said}");
        let english = "the handler redirects to a.example:8443, which is not followed: give the webhook the new address";
        assert!(in_words(english, Language::Russian).contains("на a.example:8443;"));
    }
}
