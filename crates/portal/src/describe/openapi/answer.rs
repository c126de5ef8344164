//! JSON Schema of what a method answers: of its examples, and of the DTO that it is about.

use std::collections::BTreeSet;

use engine::dto::{Dto, Property, Type};
use engine::method::{Method, Version};
use serde_json::{Map, Value, json};

use super::schema::Dialect;

/// What values have been seen in a place.
#[derive(Default)]
struct Shape {
    types: BTreeSet<&'static str>,
    /// Whether anything may stand here, as `"*"` in an example says.
    open: bool,
    members: Vec<(String, Shape)>,
    /// The values of an object whose names are numbers, and the elements of a list.
    values: Option<Box<Shape>>,
    elements: Option<Box<Shape>>,
}

impl Shape {
    fn see(&mut self, value: &Value) {
        match value {
            Value::Null => self.open = true,
            Value::String(text) if text == "*" => self.open = true,
            Value::String(_) => self.is("string"),
            Value::Bool(_) => self.is("boolean"),
            Value::Number(number) => self.is(if number.is_f64() { "number" } else { "integer" }),
            Value::Array(list) => {
                self.is("array");
                for element in list {
                    self.elements.get_or_insert_default().see(element);
                }
            }
            Value::Object(map) => {
                self.is("object");
                map.iter().for_each(|(name, value)| self.place(name).see(value));
            }
        }
    }

    fn is(&mut self, kind: &'static str) {
        self.types.insert(kind);
    }

    fn place(&mut self, name: &str) -> &mut Shape {
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.values.get_or_insert_default();
        }
        let at = self.members.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.members.push((name.to_owned(), Shape::default()));
            self.members.len() - 1
        });
        &mut self.members[at].1
    }

    fn json(&self, dialect: Dialect) -> Value {
        if self.open || self.types.is_empty() {
            return json!({});
        }
        let mut types: Vec<&str> = self.types.iter().copied().collect();
        let is_object = types.contains(&"object");
        // An object without members is an empty list on the wire, and so an empty list may be one.
        let is_list = types.contains(&"array");
        if is_object && !is_list {
            types.push("array");
        } else if is_list && !is_object && self.elements.is_none() {
            types.push("object");
        }
        types.push("null");
        let mut schema = dialect.typed(&types);
        if is_object {
            if !self.members.is_empty() {
                let members = self.members.iter().map(|(name, shape)| (name.clone(), shape.json(dialect)));
                schema["properties"] = members.collect::<Map<_, _>>().into();
            }
            if let Some(values) = self.values.as_ref().filter(|_| dialect == Dialect::New) {
                schema["patternProperties"] = json!({"^[0-9]+$": values.json(dialect)});
            }
        }
        match &self.elements {
            Some(elements) => schema["items"] = elements.json(dialect),
            None if is_object && dialect == Dialect::New => schema["maxItems"] = 0.into(),
            None => {}
        }
        schema
    }
}

/// The `result` of a method. DTOs that it refers to are added to `schemas`.
pub fn result(method: &Method, dialect: Dialect, schemas: &mut Map<String, Value>) -> Value {
    let mut seen = Shape::default();
    method.examples.iter().for_each(|example| seen.see(&example.answer));
    let mut schema = seen.json(dialect);
    if let Some(dto) = method.dto {
        add(dto, dialect, schemas);
        let row = json!({"$ref": reference(dto)});
        let mut shown = |name: &str, row: Value| {
            if seen.members.is_empty() || seen.members.iter().any(|(known, _)| known == name) {
                schema["properties"][name] = row;
            }
        };
        shown("item", row.clone());
        shown("items", json!({"type": "array", "items": row}));
    }
    schema
}

/// The body of an answer: the result in its envelope.
pub fn envelope(version: Version, result: &Value) -> Value {
    let mut properties = json!({"result": result});
    if version == Version::V2 {
        properties["next"] = json!({"type": "integer", "description": "Where the next page starts"});
        properties["total"] = json!({"type": "integer", "description": "Number of rows on all pages"});
    }
    properties["time"] = json!({"$ref": "#/components/schemas/Time"});
    json!({"type": "object", "required": ["result", "time"], "properties": properties})
}

/// The block `time` of every answer.
pub fn time() -> Value {
    let number = |about: &str| json!({"type": "number", "description": about});
    let moment = json!({"type": "string", "format": "date-time"});
    json!({
        "type": "object",
        "required": ["start", "finish", "duration", "processing", "date_start", "date_finish"],
        "properties": {
            "start": number("Unix seconds"),
            "finish": number("Unix seconds"),
            "duration": number("Seconds between start and finish"),
            "processing": number("Seconds within the method"),
            "date_start": moment,
            "date_finish": moment,
            "operating_reset_at": number("Unix seconds at which operating time is forgotten"),
            "operating": number("Seconds that the webhook has spent in the method"),
        },
    })
}

fn reference(dto: &Dto) -> String {
    format!("#/components/schemas/{}", dto.name)
}

/// Adds the schema of a DTO with those that it leads to.
fn add(dto: &'static Dto, dialect: Dialect, schemas: &mut Map<String, Value>) {
    if schemas.contains_key(dto.name) {
        return;
    }
    schemas.insert(dto.name.to_owned(), Value::Null);
    let properties: Map<String, Value> =
        dto.properties.iter().map(|property| (property.name.to_owned(), schema(property, dialect))).collect();
    schemas.insert(dto.name.to_owned(), json!({"type": "object", "properties": properties}));
    let related = dto.properties.iter().filter_map(|property| property.relation);
    related.for_each(|related| add(related, dialect, schemas));
}

fn schema(property: &Property, dialect: Dialect) -> Value {
    let related = property.relation.map(|dto| json!({"$ref": reference(dto)}));
    match (property.kind, related) {
        (Type::Array, related) => {
            let mut schema = dialect.typed(&["array", "null"]);
            schema["items"] = related.unwrap_or_else(|| json!({}));
            schema
        }
        (_, Some(related)) if dialect == Dialect::New => json!({"anyOf": [related, {"type": "null"}]}),
        (_, Some(related)) => related,
        (Type::Int, None) => dialect.typed(&["integer", "null"]),
        (Type::Float, None) => dialect.typed(&["number", "null"]),
        (Type::String, None) => dialect.typed(&["string", "null"]),
        (Type::Bool, None) => dialect.typed(&["boolean", "null"]),
        (Type::Moment, None) => {
            let mut schema = dialect.typed(&["string", "null"]);
            schema["format"] = "date-time".into();
            schema
        }
        // What descriptions call an object may be shown as a text, as the states of a working day are.
        (Type::Object, None) => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema_of(value: &Value, dialect: Dialect) -> Value {
        let mut shape = Shape::default();
        shape.see(value);
        shape.json(dialect)
    }

    #[test]
    fn examples_make_a_schema_that_takes_what_they_leave_open() {
        let example =
            json!({"id": 1, "title": "x", "any": "*", "rows": [{"a": 1}, {"b": true}], "7": "seven"});
        let id = json!({"type": ["integer", "null"]});
        let rows = json!({
            "type": ["array", "null"],
            "items": {"type": ["object", "array", "null"], "maxItems": 0,
                "properties": {"a": id, "b": {"type": ["boolean", "null"]}}},
        });
        let text = json!({"type": ["string", "null"]});
        let whole = json!({
            "type": ["object", "array", "null"],
            "maxItems": 0,
            "properties": {"id": id, "title": text, "any": {}, "rows": rows},
            "patternProperties": {"^[0-9]+$": text},
        });
        assert_eq!(schema_of(&example, Dialect::New), whole);
        assert_eq!(schema_of(&json!(5), Dialect::Old), json!({"type": "integer", "nullable": true}));
    }
}
