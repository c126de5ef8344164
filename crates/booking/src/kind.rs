//! Types of resources: `booking.v1.resourceType.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::noun::{
    self, Access, Asked, EventData, Events, Face, Faults, Field, Hooks, ID, Noun, Refusal, Row, Stamp, field,
    noun,
};
use serde_json::json;
use store::{Dialect, Param as Bound};
use wire::{Map, Value};

use crate::resource::RESOURCE;
use crate::rights::OfCrm;
use crate::words::{self, face, id, key, missing, numbered};
use crate::{SCOPE, settings};

const GET: Face = face(1013, "Resource type not found");
const DELETE: Face = face(1012, "Resource type has not been found");
const ADD: Face = taken(GET, 1010, "Resource type with code already exists'");
const UPDATE: Face =
    taken(face(1007, "Resource type not found"), 1011, "Resource type with code already exists");

static FIELDS: [Field; 23] = settings::with_settings([
    ID,
    field("code", Kind::String, "Code").required().unique().sample("room"),
    field("name", Kind::String, "Name").required().sample("Meeting rooms"),
    field("revision", Kind::Integer, "Revision").read_only().upper_only(),
    field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created).upper_only(),
]);

/// Types of resources.
pub static KIND: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &FIELDS,
    faces: &[GET],
    events: Some(Events::new("ONBOOKINGRESOURCETYPE").with(EventData::Upper)),
    hooks: &Hook,
    ..noun("booking.resourceType", "booking_resource_type", SCOPE, ["resource type", "resource types"])
};

const fn taken(face: Face, code: i64, text: &'static str) -> Face {
    let taken = Refusal::Numbered(code, text);
    face.faults(Faults { taken, ..face.faults })
}

struct Hook;

impl Hooks for Hook {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match noun::has(call, &RESOURCE, &[("typeId", row.number.into())])? {
            true => Err(numbered(0, "The resource type has resources.").into()),
            false => Ok(()),
        }
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let name = || required("name", Given::Text, "Name");
    let code = || required("code", Given::Text, "Code, which no two types share");
    let optional = |param: Param| Param { required: false, ..param };
    vec![
        write("booking.v1.resourceType.add", SCOPE, add)
            .controller()
            .about("Adds a resource type.")
            .param(fields(vec![name(), code()]))
            .example(json!({"fields": {"name": "Cars", "code": "car"}}), json!({"id": "*"})),
        write("booking.v1.resourceType.update", SCOPE, update)
            .controller()
            .about("Updates the given fields of a resource type.")
            .param(id("id", "Resource type"))
            .param(fields(vec![optional(name()), optional(code())]))
            .example(json!({"id": 1, "fields": {"name": "Rooms"}}), json!(true)),
        read("booking.v1.resourceType.get", SCOPE, get)
            .controller()
            .about("Returns a resource type.")
            .param(id("id", "Resource type"))
            .example(json!({"id": 1}), json!({"resourceType": {"id": 1, "code": "room"}})),
        list_method(),
        write("booking.v1.resourceType.delete", SCOPE, delete)
            .controller()
            .about("Deletes a resource type without resources.")
            .param(id("id", "Resource type"))
            .example(json!({"id": 2}), json!(true)),
    ]
}

fn fields(own: Vec<Param>) -> Param {
    let members = own.into_iter().chain(settings::params()).collect();
    required("fields", Given::Fields, "Fields of the resource type").with_members(members)
}

fn list_method() -> Method {
    read("booking.v1.resourceType.list", SCOPE, list)
        .controller()
        .about("Lists resource types, 50 per page.")
        .param(optional("FILTER", Given::Fields, "searchQuery, a part of the name; name, code and moduleId"))
        .param(optional("ORDER", Given::Fields, "id, name and code, each with ASC or DESC"))
        .example(json!({"FILTER": {"searchQuery": "room"}}), json!({"resource": [{"id": 1, "code": "room"}]}))
}

/// What a request gives for a type.
fn given(call: &Call<'_, '_>) -> Result<Map> {
    let (given, mut row) = (call.fields("fields"), Map::new());
    for name in ["name", "code"] {
        if let Some(text) = words::name(&given, name)? {
            row.push(name, text);
        }
    }
    settings::read(&given, &mut row)?;
    Ok(row)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call)?;
    let empty: Vec<&str> =
        ["name", "code"].into_iter().filter(|name| row.get(name).is_none_or(Value::is_empty)).collect();
    if !empty.is_empty() {
        return Err(missing(&empty).into());
    }
    Ok(Value::under("id", noun::add(call, &KIND, &ADD, &row)?.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call)?;
    noun::update(call, &KIND, &UPDATE, &key(call, "id"), &row)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = noun::find(call, &KIND, &GET, engine::access::Act::Read, &key(call, "id"))?;
    Ok(Value::under("resourceType", noun::show(call, &KIND, &GET, &row)?))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    noun::delete(call, &KIND, &DELETE, &key(call, "id"))?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let filter = call.fields("FILTER");
    let (mut tests, mut values) = named(&filter);
    if let Some(code) = filter.get_any_case("code").and_then(Value::text) {
        tests.push("t.code = ?".to_owned());
        values.push(Bound::from(code.into_owned()));
    }
    if filter.get_any_case("moduleId").and_then(Value::as_str).is_some_and(|module| module != "booking") {
        tests.push("1 = 0".to_owned());
    }
    let order = words::order(call, &[("id", "t.id"), ("name", "t.name"), ("code", "t.code")]);
    let rows = page(call, &KIND, &tests, values, order)?;
    Ok(Value::under("resource", noun::listed(call, &KIND, &GET, &rows)?))
}

/// The conditions that a filter makes on names.
pub fn named(filter: &Map) -> (Vec<String>, Vec<Bound<'static>>) {
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    if let Some(part) =
        filter.get_any_case("searchQuery").and_then(Value::text).filter(|part| !part.is_empty())
    {
        tests.push(Dialect::like("t.name"));
        values.push(Bound::from(format!("%{}%", Dialect::escape(&part))));
    }
    if let Some(name) = filter.get_any_case("name").and_then(Value::text) {
        tests.push("t.name = ?".to_owned());
        values.push(Bound::from(name.into_owned()));
    }
    (tests, values)
}

/// A page of the rows for which all of these hold.
///
/// # Errors
/// Those of the store.
pub fn page(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    tests: &[String],
    values: Vec<Bound<'static>>,
    order: noun::Order,
) -> Result<Vec<Row>> {
    let scope = noun.grant(call, engine::access::Act::Read)?;
    let within = (!tests.is_empty()).then(|| (format!("({})", tests.join(" AND ")), values));
    noun::asked(call, noun, &scope, Asked { within, order: Some(order), ..Asked::default() })
}
