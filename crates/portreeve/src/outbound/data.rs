//! An event's data out of its spelling as a form, in which everything is text.

use serde_json::{Value, json};
use wire::{Limits, form};

/// As JSON: what stands below `data`.
pub fn json(form: &str) -> Value {
    read(form).as_ref().map_or_else(|| json!({}), plain)
}

/// Name by name for people: `FIELDS[ID]` and `365`.
pub fn fields(form: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (key, value) in read(form).iter().flat_map(wire::Value::entries) {
        flatten(key.into_owned(), value, &mut fields);
    }
    fields
}

fn read(form: &str) -> Option<wire::Value> {
    form::decode(form.as_bytes(), &Limits::default()).remove("data")
}

fn plain(value: &wire::Value) -> Value {
    match value {
        wire::Value::List(list) => list.iter().map(plain).collect(),
        wire::Value::Map(map) => map.iter().map(|(key, value)| (key.to_owned(), plain(value))).collect(),
        scalar => scalar.text().unwrap_or_default().into(),
    }
}

fn flatten(name: String, value: &wire::Value, fields: &mut Vec<(String, String)>) {
    if let Some(text) = value.text() {
        return fields.push((name, text.into_owned()));
    }
    value.entries().for_each(|(key, value)| flatten(format!("{name}[{key}]"), value, fields));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_read_back_out_of_its_form() {
        let form = "data%5BFIELDS%5D%5BID%5D=365&data%5BFIELDS%5D%5BTAGS%5D%5B0%5D=a+b";
        assert_eq!(json(form), json!({"FIELDS": {"ID": "365", "TAGS": ["a b"]}}));
        let fields = fields(form);
        let shown: Vec<_> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(shown, [("FIELDS[ID]", "365"), ("FIELDS[TAGS][0]", "a b")]);
        assert_eq!((json(""), super::fields("").len()), (json!({}), 0));
    }
}
