//! Values of settings as a request or a file has them.

use portal::settings::Name;
use serde_json::Value;
use wire::Fault;

use crate::courier;

/// A setting and the text of its wanted value.
///
/// # Errors
/// `ERROR_ARGUMENT` for an unknown name, for a value that is no text, number or list, and for certificates that are none.
pub fn input(name: &str, value: &Value) -> Result<(Name, Option<String>), Fault> {
    let known = Name::parse(name).ok_or_else(|| Fault::argument("The setting does not exist.", name))?;
    let texts =
        |list: &[Value]| list.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    let text = match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => Some(
            texts(list)
                .ok_or_else(|| Fault::argument("The value must be a list of strings.", name))?
                .join(","),
        ),
        Value::Bool(_) | Value::Object(_) => {
            return Err(Fault::argument("The value must be a string, a number or a list.", name));
        }
    };
    if let (Name::HandlerCa, Some(text)) = (known, &text) {
        certificates(text)?;
    }
    Ok((known, text))
}

/// Refuses a text that holds anything but certificates.
fn certificates(pem: &str) -> Result<(), Fault> {
    let wrong = |error| {
        Fault::argument(format!("These are not certificates in PEM: {error:#}."), Name::HandlerCa.code())
    };
    courier::read_certificates(pem).map(drop).map_err(wrong)
}
