//! The methods of a noun's faces: names, parameters to their full depth, descriptions and examples.

use std::sync::Arc;

use serde_json::{Map as Json, Value as JsonValue, json};

use super::{Answer, Face, Field, Noun, Rows, Shape, Verb, answer, with_article};
use crate::entity::{Kind, Naming};
use crate::method::{self, Method, Param, optional, read, required, write};

/// The methods of all faces.
pub(super) fn methods(noun: &'static Noun) -> Vec<Method> {
    let shape = Arc::new(Shape::new(noun));
    let of = |face: &'static Face| {
        let shape = Arc::clone(&shape);
        face.verbs.iter().map(move |(verb, name)| one(Arc::clone(&shape), face, *verb, name))
    };
    noun.faces.iter().flat_map(of).collect()
}

fn one(shape: Arc<Shape>, face: &'static Face, verb: Verb, name: &str) -> Method {
    let (noun, name) = (shape.noun, format!("{}.{name}", face.path));
    let scope = face.scope.unwrap_or(noun.scope);
    let [title, titles] = noun.titles;
    let (a_row, key) = (with_article(title), key_param(noun, face));
    let method = match verb {
        Verb::Add => write(name, scope, move |call| answer::add(call, &shape, face))
            .about(format!("Adds {a_row} and returns {}.", returned(face.added)))
            .param(fields_param(noun, face, true)),
        Verb::Update => write(name, scope, move |call| answer::update(call, &shape, face))
            .about(format!("Updates the given fields of {a_row}."))
            .param(key)
            .param(fields_param(noun, face, false)),
        Verb::Delete => write(name, scope, move |call| answer::delete(call, &shape, face))
            .about(format!("Deletes {a_row}."))
            .param(key),
        Verb::Get => read(name, scope, move |call| answer::get(call, &shape, face))
            .about(format!("Returns {a_row}."))
            .param(key),
        Verb::List => listing(read(name, scope, move |call| answer::list(call, &shape, face)), titles, face),
        Verb::Fields => read(name, scope, move |call| answer::fields(call, &shape, face))
            .about(format!("Describes the fields of {a_row}.")),
    };
    let method = if face.naming.is_legacy() { method } else { method.controller() };
    method.example(request(noun, face, verb), expected(face, verb))
}

fn returned(answer: Answer) -> &'static str {
    match answer {
        Answer::Row | Answer::RowUnder(_) => "it",
        Answer::Key => "its ID",
        Answer::True | Answer::Null => "true",
    }
}

fn listing(method: Method, titles: &str, face: &Face) -> Method {
    let pages = if face.whole { "without paging" } else { "50 per page" };
    let method = method
        .about(format!("Lists {titles} by filter, {pages}."))
        .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
        .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
        .param(optional("select", method::Kind::Select, "Fields to return"));
    if face.whole {
        return method;
    }
    method.param(optional("start", method::Kind::Int, "Offset of the first row; -1 skips counting the total"))
}

fn key_param(noun: &Noun, face: &'static Face) -> Param {
    let is_number = noun.key == "id";
    let kind = if is_number { method::Kind::Id } else { method::Kind::Text };
    required(face.id, kind, if is_number { "ID" } else { "Code" })
}

fn fields_param(noun: &'static Noun, face: &Face, adding: bool) -> Param {
    let open = |field: &&Field| !field.read_only && (adding || !field.immutable) && is_shown(face, field);
    let members = noun.fields.iter().filter(open).map(|field| member(face, field, adding)).collect();
    required("fields", method::Kind::Fields, "Values by field").with_members(members)
}

/// A field as a parameter within `fields`.
fn member(face: &Face, field: &'static Field, adding: bool) -> Param {
    let kind = match field.kind {
        Kind::Integer | Kind::User | Kind::Noun(_) => method::Kind::Int,
        Kind::Char => method::Kind::Flag,
        _ => method::Kind::Text,
    };
    let is_required = field.required && adding && field.default.is_none();
    let param = if is_required { required } else { optional };
    Param { name: name_in(face, field), ..param("", kind, field.title) }
}

fn is_shown(face: &Face, field: &Field) -> bool {
    if face.naming == Naming::Legacy { field.in_upper } else { field.in_camel }
}

/// The name of a field on a face. Names are created once, with the methods, and live as long as the program.
fn name_in(face: &Face, field: &'static Field) -> std::borrow::Cow<'static, str> {
    match (face.naming, field.upper) {
        (Naming::Legacy, Some(name)) => name.into(),
        (Naming::Legacy, None) => field.upper_name().into(),
        _ => field.name.into(),
    }
}

/// An example of a request, from the samples of the fields.
fn request(noun: &'static Noun, face: &'static Face, verb: Verb) -> JsonValue {
    let key: JsonValue = noun.example.parse::<i64>().map_or_else(|_| noun.example.into(), Into::into);
    match verb {
        Verb::Add => json!({"fields": samples(noun, face, true)}),
        Verb::Update => json!({face.id: key, "fields": samples(noun, face, false)}),
        Verb::Get | Verb::Delete => json!({face.id: key}),
        Verb::List => {
            let first = noun.fields.iter().find(|field| is_shown(face, field));
            let order: Json<String, JsonValue> =
                first.map(|field| (name_in(face, field).into_owned(), json!("ASC"))).into_iter().collect();
            json!({"order": order})
        }
        Verb::Fields => json!({}),
    }
}

fn samples(noun: &'static Noun, face: &Face, adding: bool) -> Json<String, JsonValue> {
    let within = |field: &Field| face.within.iter().any(|(name, _)| *name == field.name);
    let given = noun.fields.iter().filter(|field| {
        !field.read_only
            && is_shown(face, field)
            && !within(field)
            && (adding || !(field.immutable || field.unique))
    });
    given.filter_map(|field| Some((name_in(face, field).into_owned(), sample(field)?))).collect()
}

/// A field's sample as JSON writes it.
fn sample(field: &Field) -> Option<JsonValue> {
    let text = field.sample?;
    Some(match field.kind {
        Kind::Integer | Kind::User | Kind::Noun(_) => {
            text.parse::<i64>().map_or_else(|_| text.into(), Into::into)
        }
        Kind::Double | Kind::Sum | Kind::Decimal(_) => {
            text.parse::<f64>().map_or_else(|_| text.into(), Into::into)
        }
        _ => text.into(),
    })
}

/// The expected answer.
fn expected(face: &'static Face, verb: Verb) -> JsonValue {
    let of = |answer: Answer| match answer {
        Answer::RowUnder(name) => json!({name: {}}),
        Answer::True => json!(true),
        Answer::Null => JsonValue::Null,
        Answer::Row => json!({}),
        Answer::Key => json!("*"),
    };
    match (verb, face.many) {
        (Verb::Add, _) => of(face.added),
        (Verb::Get, _) => of(face.one),
        (Verb::Update, _) => of(face.changed),
        (Verb::Delete, _) => of(face.deleted),
        (Verb::List, Rows::Under(name)) => json!({name: "*"}),
        (Verb::List, Rows::Bare) => json!("*"),
        (Verb::Fields, _) => json!({}),
    }
}
