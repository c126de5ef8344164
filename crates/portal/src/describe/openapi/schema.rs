//! JSON Schema of what a request says, as the declaration of its method has it: for OpenAPI, and for tools of models.

use engine::method::{Kind, Method, Param, Version};
use engine::texts::Language;
use serde_json::{Map, Value, json};

use super::super::param_text;

/// Which words of JSON Schema are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Those of OpenAPI 3.0, which `rest.documentation.openapi` answers
    Old,
    /// Those of JSON Schema 2020-12, which is a part of OpenAPI 3.1
    New,
}

impl Dialect {
    /// The schema of values of these types.
    pub fn typed(self, types: &[&str]) -> Value {
        let plain: Vec<&str> = types.iter().copied().filter(|kind| *kind != "null").collect();
        match (self, types, &plain[..]) {
            (Dialect::New, [one], _) => json!({"type": one}),
            (Dialect::New, ..) => json!({"type": types}),
            (Dialect::Old, _, [one]) if plain.len() < types.len() => json!({"type": one, "nullable": true}),
            (Dialect::Old, _, [one]) => json!({"type": one}),
            (Dialect::Old, ..) => json!({}),
        }
    }
}

/// The body of a request. It contradicts no example of the method: what one of them leaves out is not required, and what
/// one of them says may be said, although the declared type is another.
pub fn request(method: &Method, language: Language, dialect: Dialect) -> Value {
    let says = Says { version: method.version, language, dialect };
    let examples: Vec<&Value> = method.examples.iter().map(|example| &example.params).collect();
    if examples.iter().any(|example| example.is_array()) {
        return json!({"type": "array", "items": {"type": "object"}});
    }
    says.object(&method.params, &examples)
}

struct Says {
    version: Version,
    language: Language,
    dialect: Dialect,
}

impl Says {
    /// An object with these members, as these examples have it.
    fn object(&self, params: &[Param], examples: &[&Value]) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for param in params {
            let given: Vec<&Value> =
                examples.iter().filter_map(|example| member(example, &param.name)).collect();
            if param.required && given.len() == examples.len() {
                required.push(Value::from(&*param.name));
            }
            properties.insert(param.name.to_string(), self.param(param, &given));
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema
    }

    fn param(&self, param: &Param, given: &[&Value]) -> Value {
        let mut schema = self.value(param, given);
        if !param.choices.is_empty() {
            schema["enum"] = param.choices.iter().map(|choice| choice_of(param.kind, choice)).collect();
        }
        given.iter().for_each(|value| self.widen(&mut schema, value));
        if !param.about.is_empty() {
            schema["description"] = param_text(param, self.language).into();
        }
        schema
    }

    fn value(&self, param: &Param, given: &[&Value]) -> Value {
        let is_newer = self.version == Version::V3;
        if !param.members.is_empty() {
            let lists = || given.iter().any(|value| value.is_array());
            if param.kind == Kind::List || lists() {
                let rows: Vec<&Value> = given
                    .iter()
                    .filter_map(|value| value.as_array())
                    .flatten()
                    .filter(|row| row.is_object())
                    .collect();
                return json!({"type": "array", "items": self.object(&param.members, &rows)});
            }
            let objects: Vec<&Value> = given.iter().copied().filter(|value| value.is_object()).collect();
            return self.object(&param.members, &objects);
        }
        match param.kind {
            Kind::Id | Kind::Int => json!({"type": "integer"}),
            Kind::Text => json!({"type": "string"}),
            Kind::Flag if is_newer => json!({"type": "boolean"}),
            Kind::Flag => json!({"type": "string", "enum": ["Y", "N"]}),
            Kind::Filter if is_newer => json!({"type": "array", "items": {}}),
            Kind::Fields | Kind::Filter => json!({"type": "object"}),
            Kind::Order => json!({"type": "object", "additionalProperties": {"type": "string"}}),
            Kind::Select => json!({"type": "array", "items": {"type": "string"}}),
            Kind::List => json!({"type": "array", "items": {}}),
            Kind::Any => json!({}),
        }
    }

    /// Lets a schema take a value that an example has.
    fn widen(&self, schema: &mut Value, value: &Value) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let known: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let takes = |have: &&str| *have == kind || (*have == "number" && kind == "integer");
        if !known.is_empty() && !known.iter().any(takes) {
            let further = if kind == "integer" { "number" } else { kind };
            let types: Vec<&str> = known.iter().copied().chain([further]).collect();
            let wider = self.dialect.typed(&types);
            if let (Some(map), Value::Object(wider)) = (schema.as_object_mut(), wider) {
                map.remove("type");
                map.extend(wider);
            }
        }
        let choices = schema.get_mut("enum").and_then(Value::as_array_mut);
        if let Some(choices) = choices.filter(|choices| !choices.contains(value)) {
            choices.push(value.clone());
        }
    }
}

/// A member of an object, whose name is found in any case as the portal finds it.
fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object
        .get(name)
        .or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// A choice as a value of the parameter's type.
fn choice_of(kind: Kind, choice: &str) -> Value {
    match (kind, choice.parse::<i64>()) {
        (Kind::Id | Kind::Int, Ok(number)) => number.into(),
        _ => choice.into(),
    }
}
