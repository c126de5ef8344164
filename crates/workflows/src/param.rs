//! Parameters of templates, and the values that a start gives them.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use serde_json::Value as Json;
use wire::{Fault, Map, Value};

/// Parameters that a template has at most.
pub const MOST: usize = 100;
/// Bytes of what one start gives.
const SIZE: usize = 60_000;

/// The types.
pub const TYPES: [&str; 9] =
    ["string", "text", "int", "double", "bool", "date", "datetime", "user", "select"];

/// A parameter of a template.
#[derive(Debug)]
pub struct Declared {
    /// By which a start names it.
    pub id: String,
    name: String,
    kind: String,
    required: bool,
    multiple: bool,
    options: Vec<String>,
}

/// The parameters that a template declares, by their ids.
pub fn declared(template: &Json) -> Vec<Declared> {
    let Json::Object(members) = template else { return Vec::new() };
    members.iter().map(|(id, about)| one(id, about)).collect()
}

fn one(id: &str, about: &Json) -> Declared {
    let text = |name: &str| about[name].as_str().unwrap_or_default().to_owned();
    let options = match &about["Options"] {
        Json::Object(options) => options.keys().cloned().collect(),
        Json::Array(options) => options.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let kind = Some(text("Type")).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "string".to_owned());
    Declared {
        id: id.to_owned(),
        name: Some(text("Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()),
        kind,
        required: flag(&about["Required"]),
        multiple: flag(&about["Multiple"]),
        options,
    }
}

/// Whether a declaration says yes, in any of the spellings that integrations use.
pub fn flag(said: &Json) -> bool {
    match said {
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_i64() == Some(1),
        Json::String(text) => matches!(text.as_str(), "1" | "Y" | "true"),
        _ => false,
    }
}

/// Whether a template may declare these.
pub fn are_fit(template: &Json) -> bool {
    match template {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(members) => {
            let is_fit = |(id, about): (&String, &Json)| {
                let known = |kind: &str| TYPES.contains(&kind);
                let is_name = !id.is_empty() && id.len() <= 100;
                is_name && about.is_object() && about["Type"].as_str().is_none_or(known)
            };
            members.len() <= MOST && members.iter().all(is_fit)
        }
        _ => false,
    }
}

/// The values of a start, checked against what the template declares; what it does not declare is recorded as it came.
///
/// # Errors
/// What is missing or unfit.
pub fn values(call: &mut Call<'_, '_>, template: &Json, given: &Map) -> Result<Json> {
    let declared = declared(template);
    for parameter in &declared {
        let value = given.get(&parameter.id).cloned().unwrap_or_default();
        let parts: Vec<&Value> = value.each().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            if parameter.required {
                return Err(Fault::crm(format!("The parameter {} is required", parameter.name)).into());
            }
            continue;
        }
        let mut is_fit = parameter.multiple || parts.len() == 1;
        for part in parts {
            is_fit = is_fit && fits(call, parameter, part)?;
        }
        if !is_fit {
            return Err(Fault::crm(format!("Invalid value of the parameter {}", parameter.name)).into());
        }
    }
    let text = wire::json::encode(&given.clone().into_value());
    if text.len() > SIZE {
        return Err(Fault::crm("The parameters are too long").into());
    }
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

fn fits(call: &mut Call<'_, '_>, parameter: &Declared, value: &Value) -> Result<bool> {
    let Some(text) = value.text() else { return Ok(false) };
    Ok(match parameter.kind.as_str() {
        "int" => value.as_int().is_some(),
        "double" => value.as_float().is_some(),
        "bool" => value.as_flag().is_some(),
        "date" => call.clock().read_day(value).is_some(),
        "datetime" => call.clock().read(value).is_some(),
        "user" => match user(&text) {
            Some(user) => directory::exists(call.tx, user)?,
            None => false,
        },
        "select" => parameter.options.iter().any(|option| *option == text),
        _ => true,
    })
}

/// The user that a value names: `user_12`, or the bare number.
pub fn user(text: &str) -> Option<i64> {
    let text = text.trim();
    text.strip_prefix("user_").unwrap_or(text).parse::<i64>().ok().filter(|user| *user > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_declare_objects_of_known_types() {
        assert!(
            are_fit(&json!({"a": {"Name": "A", "Type": "user"}}))
                && are_fit(&Json::Null)
                && are_fit(&json!([]))
        );
        assert!(
            !are_fit(&json!({"a": {"Type": "x"}})) && !are_fit(&json!({"a": 1})) && !are_fit(&json!("a"))
        );
    }

    #[test]
    fn flags_come_in_several_spellings() {
        let all = declared(&json!({"a": {"Required": "1"}, "b": {"Required": true}, "c": {"Required": "N"}}));
        assert_eq!(all.iter().map(|one| one.required).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!((user("user_12"), user("7"), user("user_x")), (Some(12), Some(7), None));
    }
}
