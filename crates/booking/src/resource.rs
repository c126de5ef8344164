//! Resources: `booking.v1.resource.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::noun::{
    self, Access, Draft, EventData, Events, Face, Field, Hooks, ID, Noun, Row, Stamp, field, noun,
};
use serde_json::json;
use store::Param as Bound;
use wire::{Map, Value};

use crate::booking::PLACE;
use crate::kind::{KIND, named, page};
use crate::rights::OfCrm;
use crate::slot::SLOT;
use crate::words::{self, face, id, key, missing, numbered, unfit};
use crate::{SCOPE, settings};

/// What resources are read with.
pub const GET: Face = face(1009, "Resource not found");
const UPDATE: Face = face(1007, "Resource not found");
const DELETE: Face = face(1008, "Resource has not been found");

static FIELDS: [Field; 25] = settings::with_settings([
    ID,
    field("typeId", Kind::Noun("booking.resourceType"), "Resource type").required().indexed(),
    field("name", Kind::String, "Name").required().sample("Blue room"),
    field("description", Kind::Text, "Description"),
    field("isMain", Kind::Char, "Shown as a column of the schedule, and booked once at a time").default("Y"),
    field("revision", Kind::Integer, "Revision").read_only().upper_only(),
    field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created).upper_only(),
]);

/// Resources.
pub static RESOURCE: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &FIELDS,
    faces: &[GET],
    events: Some(Events::new("ONBOOKINGRESOURCE").with(EventData::Upper)),
    hooks: &Hook,
    ..noun("booking.resource", "booking_resource", SCOPE, ["resource", "resources"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let Some(kind) = draft.int("typeId") else { return Ok(()) };
        if !noun::has(call, &KIND, &[("id", kind.into())])? {
            return Err(numbered(1013, format!("Resource type with id {kind} does not exist")).into());
        }
        // Nobody deletes the type meanwhile.
        noun::claim(call, &KIND, kind)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = format!("SELECT id FROM {} WHERE resource_id = ? AND date_to > ? LIMIT 1", PLACE.table);
        let params = [row.number.into(), call.now.seconds().into()];
        if call.tx.one(&sql, &params, |row| row.int(0))?.is_some() {
            return Err(numbered(0, "The resource has bookings that have not ended.").into());
        }
        noun::clear(call, &SLOT, &[("resourceId", row.number.into())])
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let add_example = json!({"fields": {"name": "Green room", "typeId": 1, "isMain": "N"}});
    vec![
        write("booking.v1.resource.add", SCOPE, add)
            .controller()
            .about("Adds a resource.")
            .param(fields(true))
            .example(add_example, json!({"id": "*"})),
        write("booking.v1.resource.update", SCOPE, update)
            .controller()
            .about("Updates the given fields of a resource.")
            .param(id("id", "Resource"))
            .param(fields(false))
            .example(json!({"id": 1, "fields": {"description": "Second floor"}}), json!(true)),
        read("booking.v1.resource.get", SCOPE, get)
            .controller()
            .about("Returns a resource.")
            .param(id("id", "Resource"))
            .example(json!({"id": 1}), json!({"resource": {"id": 1, "name": "Blue room", "isMain": "Y"}})),
        read("booking.v1.resource.list", SCOPE, list)
            .controller()
            .about("Lists resources, 50 per page.")
            .param(optional(
                "FILTER",
                Given::Fields,
                "searchQuery, a part of the name; name, description, typeId and isMain",
            ))
            .param(optional("ORDER", Given::Fields, "id and name, each with ASC or DESC"))
            .example(json!({"FILTER": {"typeId": 1}}), json!({"resource": [{"id": 1, "typeId": 1}, "*"]})),
        write("booking.v1.resource.delete", SCOPE, delete)
            .controller()
            .about("Deletes a resource that has no bookings ahead.")
            .param(id("id", "Resource"))
            .example(json!({"id": 2}), json!(true)),
    ]
}

fn fields(adding: bool) -> Param {
    let own = [
        Param { required: adding, ..required("name", Given::Text, "Name") },
        optional("description", Given::Text, "Description"),
        Param { required: adding, ..required("typeId", Given::Id, "Resource type") },
        optional("isMain", Given::Flag, "Shown as a column of the schedule, and booked once at a time"),
    ];
    let members = own.into_iter().chain(settings::params()).collect();
    required("fields", Given::Fields, "Fields of the resource").with_members(members)
}

/// What a request gives for a resource.
fn given(call: &Call<'_, '_>) -> Result<Map> {
    let (given, mut row) = (call.fields("fields"), Map::new());
    if let Some(name) = words::name(&given, "name")? {
        row.push("name", name);
    }
    if let Some(text) = words::text(&given, "description")? {
        row.push("description", text);
    }
    if let Some(kind) = given.get("typeId") {
        row.push("typeId", kind.as_int().ok_or_else(|| unfit("typeId"))?);
    }
    if let Some(main) = given.get("isMain") {
        row.push("isMain", main.as_flag().ok_or_else(|| unfit("isMain"))?);
    }
    settings::read(&given, &mut row)?;
    Ok(row)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.fields("fields").get("typeId").is_none_or(Value::is_empty) {
        return Err(numbered(1006, "ResourceType not found").into());
    }
    let row = given(call)?;
    if row.get("name").is_none_or(Value::is_empty) {
        return Err(missing(&["name"]).into());
    }
    Ok(Value::under("id", noun::add(call, &RESOURCE, &GET, &row)?.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call)?;
    noun::update(call, &RESOURCE, &UPDATE, &key(call, "id"), &row)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = noun::find(call, &RESOURCE, &GET, Act::Read, &key(call, "id"))?;
    Ok(Value::under("resource", noun::show(call, &RESOURCE, &GET, &row)?))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    noun::delete(call, &RESOURCE, &DELETE, &key(call, "id"))?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let filter = call.fields("FILTER");
    let (mut tests, mut values) = named(&filter);
    let mut equals = |column: &str, value: Option<Bound<'static>>| match value {
        Some(value) => {
            tests.push(format!("t.{column} = ?"));
            values.push(value);
        }
        None => tests.push("1 = 0".to_owned()),
    };
    if let Some(kind) = filter.get_any_case("typeId") {
        equals("type_id", kind.as_int().map(Bound::from));
    }
    if let Some(main) = filter.get_any_case("isMain") {
        equals("is_main", main.as_flag().map(|main| Bound::from(engine::input::yes_no(main))));
    }
    if let Some(text) = filter.get_any_case("description") {
        equals("description", text.text().map(|text| Bound::from(text.into_owned())));
    }
    let order = words::order(call, &[("id", "t.id"), ("name", "t.name")]);
    let rows = page(call, &RESOURCE, &tests, values, order)?;
    Ok(Value::under("resource", noun::listed(call, &RESOURCE, &GET, &rows)?))
}
