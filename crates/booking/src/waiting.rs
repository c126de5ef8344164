//! The waiting list: `booking.v1.waitlist.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Access, EventData, Events, Face, Hooks, ID, Noun, Row, Stamp, field, noun};
use jiff::civil::Date;
use serde_json::json;
use store::Param as Bound;
use wire::{Map, Value};

use crate::SCOPE;
use crate::booking::BOOKING;
use crate::kind::page;
use crate::part::{self, Owner};
use crate::rights::OfCrm;
use crate::words::{self, face, id, key, missing, numbered};

/// What entries are read with.
pub const GET: Face = face(1040, "Wait list not found");
/// What an entry is found with that becomes a booking.
pub const BOOKED: Face = face(1038, "wait list item not found");
const DELETE: Face = face(1036, "wait list item not found");
const FROM_BOOKING: Face = face(1037, "booking not found");

/// Entries of the waiting list.
pub static WAITING: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("note", Kind::Text, "Note"),
        field("revision", Kind::Integer, "Revision").read_only().upper_only(),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy).upper_only(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created).upper_only().indexed(),
    ],
    faces: &[GET],
    events: Some(Events::new("ONBOOKINGWAITLISTITEM").with(EventData::Upper)),
    hooks: &Hook,
    ..noun(
        "booking.waiting",
        "booking_waiting",
        SCOPE,
        ["entry of the waiting list", "entries of the waiting list"],
    )
};

struct Hook;

impl Hooks for Hook {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        part::clear(call, Owner::Waiting, row.number)
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("booking.v1.waitlist.add", SCOPE, add)
            .controller()
            .about("Adds an entry to the waiting list.")
            .param(fields(false))
            .example(json!({"fields": {"note": "Any morning"}}), json!({"id": "*"})),
        write("booking.v1.waitlist.update", SCOPE, update)
            .controller()
            .about("Updates an entry of the waiting list.")
            .param(id("id", "Entry of the waiting list"))
            .param(fields(true))
            .example(json!({"id": 1, "fields": {"note": "Any afternoon"}}), json!(true)),
        read("booking.v1.waitlist.get", SCOPE, get)
            .controller()
            .about("Returns an entry of the waiting list.")
            .param(id("id", "Entry of the waiting list"))
            .example(json!({"id": 1}), json!({"waitList": {"id": 1, "note": "Any morning"}})),
        read("booking.v1.waitlist.list", SCOPE, list)
            .controller()
            .about("Lists the waiting list, 50 per page.")
            .param(optional("filter", Given::Fields, "createdWithin: from and, exclusive, to, as DD.MM.YYYY"))
            .example(
                json!({"filter": {"createdWithin": {"from": "01.01.2020", "to": "01.01.2099"}}}),
                json!({"waitList": [{"id": 1, "note": "Any morning"}]}),
            ),
        write("booking.v1.waitlist.delete", SCOPE, delete)
            .controller()
            .about("Deletes an entry of the waiting list.")
            .param(id("id", "Entry of the waiting list"))
            .example(json!({"id": 1}), json!(true)),
        write("booking.v1.waitlist.createfrombooking", SCOPE, from_booking)
            .controller()
            .about("Puts a booking on the waiting list in its place.")
            .param(id("bookingId", "Booking"))
            .example(json!({"bookingId": 1}), json!("*")),
    ]
}

fn fields(noted: bool) -> Param {
    let note = Param { required: noted, ..required("note", Given::Text, "Note") };
    required("fields", Given::Fields, "Fields of the entry").with_members(vec![note])
}

fn given(call: &Call<'_, '_>) -> Result<Map> {
    let (given, mut row) = (call.fields("fields"), Map::new());
    if let Some(note) = words::text(&given, "note")? {
        row.push("note", note);
    }
    Ok(row)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call)?;
    Ok(Value::under("id", noun::add(call, &WAITING, &GET, &row)?.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call)?;
    noun::update(call, &WAITING, &GET, &key(call, "id"), &row)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = noun::find(call, &WAITING, &GET, Act::Read, &key(call, "id"))?;
    Ok(Value::under("waitList", noun::show(call, &WAITING, &GET, &row)?))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    noun::delete(call, &WAITING, &DELETE, &key(call, "id"))?;
    Ok(true.into())
}

/// The booking goes, and its clients and data go over to the entry, whose note is its description.
fn from_booking(call: &mut Call<'_, '_>) -> Result<Value> {
    let booking = noun::find(call, &BOOKING, &FROM_BOOKING, Act::Delete, &key(call, "bookingId"))?;
    let mut row = Map::with_capacity(1);
    row.push("note", booking.text("description"));
    let entry = noun::add(call, &WAITING, &GET, &row)?.number;
    part::hand_over(call, (Owner::Booking, booking.number), (Owner::Waiting, entry))?;
    noun::delete(call, &BOOKING, &FROM_BOOKING, &[Value::Int(booking.number)])?;
    Ok(entry.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let filter = call.fields("filter");
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    if let Some(within) = filter.get_any_case("createdWithin") {
        let absent: Vec<&str> =
            ["from", "to"].into_iter().filter(|name| within.get(name).is_none()).collect();
        if !absent.is_empty() {
            return Err(missing(&absent).into());
        }
        let day = |name| within.get(name).and_then(Value::as_str).and_then(|text| midnight(call, text));
        let (Some(from), Some(to)) = (day("from"), day("to")) else {
            return Err(numbered(422, "Invalid date").into());
        };
        tests.push("t.date_create >= ? AND t.date_create < ?".to_owned());
        values.extend([Bound::from(from), Bound::from(to)]);
    }
    let rows = page(call, &WAITING, &tests, values, noun::Order::default().by("t.id", "ASC"))?;
    Ok(Value::under("waitList", noun::listed(call, &WAITING, &GET, &rows)?))
}

/// When a day, `DD.MM.YYYY`, begins where the caller is.
fn midnight(call: &Call<'_, '_>, text: &str) -> Option<i64> {
    Date::strptime("%d.%m.%Y", text).ok()?;
    moment::parse(&call.caller.zone, text)
}
