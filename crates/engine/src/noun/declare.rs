//! The methods of a noun's faces: names, parameters to their full depth, descriptions and examples.

use std::sync::Arc;

use serde_json::{Map as Json, Value as JsonValue, json};
use wire::Fault;

use super::{Access, Answer, Envelope, Face, Field, Id, Noun, Rows, Verb, answer, with_article};
use crate::access::Act;
use crate::call::Call;
use crate::entity::{Kind, Naming};
use crate::method::{self, Method, Param, optional, read, required, write};
use crate::userfield::{self, Managed, MayRead};

impl Noun {
    /// The methods of all its faces, and those of its user fields.
    pub fn methods(&'static self) -> Vec<Method> {
        let of =
            |face: &'static Face| face.verbs.iter().map(move |(verb, name)| one(self, face, *verb, name));
        let mut methods: Vec<Method> = self.faces.iter().flat_map(of).collect();
        if let (Some(fields), Some((path, example))) = (self.user_fields, self.user_field_methods) {
            let (scope, many) = (self.scope, self.titles[1].to_owned());
            let managed = Managed { path: path.to_owned(), scope, many, example, may_read: readers(self) };
            methods.extend(userfield::methods(fields, managed));
        }
        methods
    }
}

/// The user fields of a noun are there for everybody who may see one of its rows.
fn readers(noun: &'static Noun) -> MayRead {
    Arc::new(move |call: &mut Call<'_, '_>| {
        let is_closed = match noun.access {
            Access::Rule(rule) if rule.is_closed(call)? => true,
            _ => noun.grant(call, Act::Read)?.is_nothing(),
        };
        if is_closed { Err(Fault::crm("Access denied.").into()) } else { Ok(()) }
    })
}

fn one(noun: &'static Noun, face: &'static Face, verb: Verb, name: &str) -> Method {
    let name = format!("{}.{name}", face.path);
    let scope = face.scope.unwrap_or(noun.scope);
    let [title, titles] = noun.titles;
    let a_row = with_article(title);
    let handler = move |call: &mut Call<'_, '_>| answer::run(call, noun, face, verb);
    let method = match verb {
        Verb::Add => {
            write(name, scope, handler).about(format!("Adds {a_row} and returns {}.", returned(face.added)))
        }
        Verb::Update => write(name, scope, handler).about(format!("Updates the given fields of {a_row}.")),
        Verb::Delete => write(name, scope, handler).about(format!("Deletes {a_row}.")),
        Verb::Get => read(name, scope, handler).about(format!("Returns {a_row}.")),
        Verb::List => listing(read(name, scope, handler), titles, face),
        Verb::Fields => read(name, scope, handler).about(format!("Describes the fields of {a_row}.")),
    };
    let mut method = Method { style: face.style, positional: face.positional, ..method };
    method.params = params(noun, face, verb, method.params);
    if let Some((_, about)) = face.about.iter().find(|(of, _)| *of == verb) {
        method.about = (*about).to_owned();
    }
    method.example(request(noun, face, verb), expected(face, verb))
}

/// The parameters of a verb: what the face requires beside the usual ones comes before them, the rest behind.
fn params(noun: &'static Noun, face: &'static Face, verb: Verb, listing: Vec<Param>) -> Vec<Param> {
    let mut usual = Vec::new();
    if matches!(verb, Verb::Update | Verb::Delete | Verb::Get) {
        usual.extend(key_params(noun, face, verb));
    }
    if matches!(verb, Verb::Add | Verb::Update) {
        usual.extend(values(noun, face, verb == Verb::Add));
    }
    usual.extend(listing);
    let own = face.params.iter().filter(|(verbs, _)| verbs.contains(&verb)).map(|(_, param)| param);
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    for param in own {
        match usual.iter_mut().find(|usual| usual.name == param.name) {
            Some(usual) => {
                let members = std::mem::take(&mut usual.members);
                *usual = Param { members, ..param.clone() };
            }
            None if param.required => before.push(param.clone()),
            None => behind.push(param.clone()),
        }
    }
    before.into_iter().chain(usual).chain(behind).collect()
}

fn returned(answer: Answer) -> &'static str {
    match answer {
        Answer::Row | Answer::RowUnder(_) | Answer::ListOfRow => "it",
        Answer::Key | Answer::KeyUnder(_) | Answer::Field(_) => "its ID",
        Answer::True | Answer::Null | Answer::Nothing => "true",
    }
}

fn listing(method: Method, titles: &str, face: &Face) -> Method {
    let pages = if face.whole { "without paging" } else { "50 per page" };
    let takes = |(name, kind, about)| face.asks.contains(&name).then(|| optional(name, kind, about));
    let asked = [
        ("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"),
        ("order", method::Kind::Order, "ASC or DESC by field"),
        ("select", method::Kind::Select, "Fields to return"),
    ];
    let method = method.about(format!("Lists {titles} by filter, {pages}."));
    let method = asked.into_iter().filter_map(takes).fold(method, Method::param);
    if face.whole {
        return method;
    }
    method.param(optional("start", method::Kind::Int, "Offset of the first row; -1 skips counting the total"))
}

/// The parameters that name a row.
fn key_params(noun: &'static Noun, face: &'static Face, verb: Verb) -> Vec<Param> {
    let of = |name: &'static str, field: &str| {
        let (kind, about) = match noun.field(field).map(|field| (field.kind, field.title)) {
            _ if field == "id" => (method::Kind::Id, "ID"),
            Some((kind, about)) => (kind.of_param(), about),
            None => (method::Kind::Text, "Code"),
        };
        required(name, kind, about)
    };
    match face.id {
        Id::Param(name) if noun.key == ["id"] => vec![of(name, "id")],
        Id::Param(name) => vec![required(name, method::Kind::Text, "Code")],
        Id::Params(names) => names.iter().zip(noun.key).map(|(name, field)| of(name, field)).collect(),
        // An update names the row within the values.
        Id::Fields if verb == Verb::Update => Vec::new(),
        Id::Fields => {
            let keys = noun.key.iter().filter_map(|name| noun.field(name));
            let members = keys.map(|field| Param { required: true, ..member(face, field, false) }).collect();
            enveloped(face, members)
        }
    }
}

/// The parameters that hold values.
fn values(noun: &'static Noun, face: &'static Face, adding: bool) -> Vec<Param> {
    let is_key = |field: &Field| face.id == Id::Fields && noun.key.contains(&field.name);
    let open = |field: &&Field| {
        !field.read_only && (adding || !field.immutable || is_key(field)) && face.shows(field)
    };
    let members = noun.fields.iter().filter(open).map(|field| Param {
        required: is_key(field) || (adding && field.required && field.default.is_none()),
        ..member(face, field, adding)
    });
    enveloped(face, members.collect())
}

/// Members as parameters of their own, or within the one that holds them.
fn enveloped(face: &'static Face, members: Vec<Param>) -> Vec<Param> {
    match face.envelope {
        Envelope::Flat => members,
        Envelope::Under(name) => {
            vec![required(name, method::Kind::Fields, "Values by field").with_members(members)]
        }
    }
}

/// A field as a parameter.
fn member(face: &Face, field: &'static Field, adding: bool) -> Param {
    let kind = if field.multiple { method::Kind::List } else { field.kind.of_param() };
    let is_required = field.required && adding && field.default.is_none();
    let param = if is_required { required } else { optional };
    Param { name: name_in(face, field), ..param("", kind, field.title) }
}

/// The name of a field on a face. Names are created once, with the methods, and live as long as the program.
fn name_in(face: &Face, field: &'static Field) -> std::borrow::Cow<'static, str> {
    match (face.naming, field.upper) {
        (Naming::Legacy, Some(name)) => name.into(),
        (Naming::Legacy, None) => field.upper_name().into(),
        _ => field.camel_name().into(),
    }
}

/// An example of a request, from the samples of the fields.
fn request(noun: &'static Noun, face: &'static Face, verb: Verb) -> JsonValue {
    let named = matches!(verb, Verb::Update | Verb::Get | Verb::Delete);
    let mut request = if named { example_key(noun, face) } else { Json::new() };
    let of_verb = |name: &str| {
        let asked = verb == Verb::List && face.asks.contains(&name);
        asked || face.params.iter().any(|(verbs, param)| param.name == name && verbs.contains(&verb))
    };
    if let JsonValue::Object(samples) = (face.samples)() {
        request.extend(samples.into_iter().filter(|(name, _)| of_verb(name)));
    }
    match verb {
        Verb::Add | Verb::Update => {
            let mut samples = samples(noun, face, verb == Verb::Add);
            match face.envelope {
                Envelope::Flat => request.append(&mut samples),
                Envelope::Under(name) => match request.get_mut(name).and_then(JsonValue::as_object_mut) {
                    Some(key) => key.append(&mut samples),
                    None => drop(request.insert(name.to_owned(), samples.into())),
                },
            }
        }
        Verb::List if face.asks.contains(&"order") => {
            let first = noun.fields.iter().find(|field| face.shows(field));
            let order: Json<String, JsonValue> =
                first.map(|field| (name_in(face, field).into_owned(), json!("ASC"))).into_iter().collect();
            request.insert("order".to_owned(), order.into());
        }
        Verb::Get | Verb::Delete | Verb::List | Verb::Fields => {}
    }
    request.into()
}

/// How an example names the row: by the noun's example, a composite key by the samples of its fields.
fn example_key(noun: &'static Noun, face: &'static Face) -> Json<String, JsonValue> {
    let named = face.example.unwrap_or(noun.example);
    let example = || named.parse::<i64>().map_or_else(|_| named.into(), Into::into);
    let own = |name: &str| part(noun, name).or_else(|| noun.field(name).and_then(sample));
    let sample = |name: &&'static str| own(name).unwrap_or_else(example);
    match face.id {
        Id::Param(name) => [(name.to_owned(), example())].into_iter().collect(),
        Id::Params(names) => {
            names.iter().zip(noun.key).map(|(name, field)| ((*name).to_owned(), sample(field))).collect()
        }
        Id::Fields => {
            let keys = noun.key.iter().filter_map(|name| Some((noun.field(name)?, sample(name))));
            let members: Json<String, JsonValue> =
                keys.map(|(field, value)| (name_in(face, field).into_owned(), value)).collect();
            match face.envelope {
                Envelope::Flat => members,
                Envelope::Under(name) => [(name.to_owned(), members.into())].into_iter().collect(),
            }
        }
    }
}

/// The part of a noun's example that is this field of its key: the second of `1,8,1`.
fn part(noun: &Noun, name: &str) -> Option<JsonValue> {
    let at = noun.key.iter().position(|key| *key == name)?;
    let part = noun.example.split(',').nth(at).filter(|_| noun.example.contains(','))?;
    part.parse::<i64>().ok().map(JsonValue::from)
}

fn samples(noun: &'static Noun, face: &Face, adding: bool) -> Json<String, JsonValue> {
    let within = |field: &Field| face.within.iter().any(|(name, _)| *name == field.name);
    let given = noun.fields.iter().filter(|field| {
        !field.read_only
            && face.shows(field)
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
        Kind::Double | Kind::Decimal(_) => text.parse::<f64>().map_or_else(|_| text.into(), Into::into),
        _ => text.into(),
    })
}

/// The expected answer.
fn expected(face: &'static Face, verb: Verb) -> JsonValue {
    let of = |answer: Answer| match answer {
        Answer::RowUnder(name) => json!({name: {}}),
        Answer::True => json!(true),
        Answer::Null => JsonValue::Null,
        Answer::Nothing => json!([]),
        Answer::Row => json!({}),
        Answer::Key | Answer::Field(_) => json!("*"),
        Answer::KeyUnder(name) => json!({name: "*"}),
        Answer::ListOfRow => json!([{}]),
    };
    match (verb, face.many) {
        (Verb::Add, _) => of(face.added),
        (Verb::Get, _) => of(face.one),
        (Verb::Update, _) => of(face.changed),
        (Verb::Delete, _) => of(face.deleted),
        (Verb::List, Rows::Under(name) | Rows::Keyed(name, _)) => json!({name: "*"}),
        (Verb::List, Rows::Bare) => json!("*"),
        (Verb::Fields, _) => json!({}),
    }
}
