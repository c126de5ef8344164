//! Comparing the parameters of a call with those that a test expects.

use serde_json::Value;

/// Whether parameters have these in them; a form sends all values as texts.
pub(crate) fn has(given: &Value, wanted: &Value) -> bool {
    match (given, wanted) {
        (_, Value::Object(wanted)) => wanted.iter().all(|(name, value)| has(&given[name], value)),
        (Value::Array(given), Value::Array(wanted)) => {
            given.len() == wanted.len() && given.iter().zip(wanted).all(|(given, wanted)| has(given, wanted))
        }
        (Value::Array(_) | Value::Object(_) | Value::Null, _) | (_, Value::Array(_)) => given == wanted,
        _ => text(given) == text(wanted),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::has;

    #[test]
    fn parameters_may_have_more_and_other_types() {
        let given =
            json!({"fields": {"TITLE": "Quay", "OPPORTUNITY": "5", "PHONE": [{"VALUE": "1"}]}, "id": 7});
        for wanted in [json!({}), json!({"id": "7"}), json!({"fields": {"OPPORTUNITY": 5}}), given.clone()] {
            assert!(has(&given, &wanted), "{wanted}");
        }
        for wanted in [
            json!({"id": 8}),
            json!({"fields": {"NAME": null, "TITLE": ""}}),
            json!({"fields": {"PHONE": []}}),
        ] {
            assert!(!has(&given, &wanted), "{wanted}");
        }
    }
}
