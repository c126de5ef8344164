//! When resources can be booked: `booking.v1.resource.slots.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Kind as Given, Method, read, required, write};
use engine::noun::{self, Access, Asked, Face, ID, Noun, Row, field, noun};
use jiff::tz::TimeZone;
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;
use crate::resource::{GET, RESOURCE};
use crate::rights::OfCrm;
use crate::words::{face, id, key, members, missing, unfit};

const FACE: Face = face(1009, "Resource not found");
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Minutes of a day.
const DAY: i64 = 1440;

/// Slots of resources: minutes of the day from which, and until which, it can be booked on certain days.
pub static SLOT: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("resourceId", Kind::Noun("booking.resource"), "Resource").required().indexed(),
        field("begins", Kind::Integer, "From minute").required(),
        field("ends", Kind::Integer, "Until minute").required(),
        field("timezone", Kind::String, "Time zone").required(),
        field("weekDays", Kind::Json, "Days of the week").required(),
        field("slotSize", Kind::Integer, "Minutes").required(),
    ],
    faces: &[FACE],
    ..noun("booking.slot", "booking_slot", SCOPE, ["slot", "slots"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let slot = json!({"from": 540, "to": 1080, "timezone": "Europe/Berlin", "weekDays": ["Mon", "Tue"], "slotSize": 30});
    let members = vec![
        required("from", Given::Int, "From minute of the day, 0 to 1440"),
        required("to", Given::Int, "Until minute of the day, 0 to 1440"),
        required("timezone", Given::Text, "Time zone"),
        required("weekDays", Given::List, "Mon, Tue, Wed, Thu, Fri, Sat or Sun"),
        required("slotSize", Given::Int, "Minutes of a slot"),
    ];
    vec![
        write("booking.v1.resource.slots.set", SCOPE, set)
            .controller()
            .about("Sets the slots of a resource in place of those that it had.")
            .param(id("resourceId", "Resource"))
            .param(required("slots", Given::List, "Slots").with_members(members))
            .example(json!({"resourceId": 1, "slots": [slot]}), json!(true)),
        read("booking.v1.resource.slots.list", SCOPE, list)
            .controller()
            .about("Lists the slots of a resource.")
            .param(id("resourceId", "Resource"))
            .example(
                json!({"resourceId": 1}),
                json!({"slots": [{"id": "*", "from": 540, "to": 1080, "weekDays": "*", "slotSize": 60}]}),
            ),
        write("booking.v1.resource.slots.unset", SCOPE, unset)
            .controller()
            .about("Removes all slots of a resource.")
            .param(id("resourceId", "Resource"))
            .example(json!({"resourceId": 1}), json!(true)),
    ]
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let slots = members(call, "slots")?;
    let slots: Vec<Map> = slots.iter().map(slot).collect::<Result<_>>()?;
    let resource = noun::find(call, &RESOURCE, &GET, Act::Update, &key(call, "resourceId"))?.number;
    noun::claim(call, &RESOURCE, resource)?;
    noun::clear(call, &SLOT, &[("resourceId", resource.into())])?;
    for mut slot in slots {
        slot.push("resourceId", resource);
        noun::put(call, &SLOT, &slot)?;
    }
    Ok(true.into())
}

/// A slot of a request.
fn slot(given: &Map) -> Result<Map> {
    let names = ["from", "to", "timezone", "weekDays", "slotSize"];
    // Midnight is a minute, too.
    let empty: Vec<&str> =
        names.into_iter().filter(|name| given.get(name).is_none_or(|value| *value == Value::Null)).collect();
    if !empty.is_empty() {
        return Err(missing(&empty).into());
    }
    let minute = |name: &str, least: i64| {
        let value = given.get(name).and_then(Value::as_int).filter(|minute| (least..=DAY).contains(minute));
        value.ok_or_else(|| unfit(name))
    };
    let (begins, ends) = (minute("from", 0)?, minute("to", 0)?);
    if ends < begins {
        return Err(unfit("to").into());
    }
    let zone = given.get("timezone").and_then(Value::as_str).filter(|zone| TimeZone::get(zone).is_ok());
    let days = given.get("weekDays").cloned().unwrap_or_default();
    let known = |day: &Value| day.as_str().is_some_and(|day| DAYS.contains(&day));
    let days: Vec<Value> = DAYS
        .into_iter()
        .filter(|day| days.items().all(known) && days.items().any(|one| one.as_str() == Some(day)))
        .map(Value::from)
        .collect();
    if days.is_empty() {
        return Err(unfit("weekDays").into());
    }
    let mut slot = Map::with_capacity(6);
    slot.push("begins", begins);
    slot.push("ends", ends);
    slot.push("timezone", zone.ok_or_else(|| unfit("timezone"))?);
    slot.push("weekDays", days);
    slot.push("slotSize", minute("slotSize", 1)?);
    Ok(slot)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let resource = noun::find(call, &RESOURCE, &GET, Act::Read, &key(call, "resourceId"))?.number;
    let within = Some(("t.resource_id = ?".to_owned(), vec![resource.into()]));
    let rows = noun::belonging(call, &SLOT, Asked { within, whole: true, ..Asked::default() })?;
    Ok(Value::under("slots", rows.iter().map(shown).collect::<Vec<_>>()))
}

fn shown(row: &Row) -> Value {
    let number = |name: &str| row.int(name).unwrap_or(0);
    let mut slot = Map::with_capacity(6);
    slot.push("from", number("begins"));
    slot.push("id", row.number);
    slot.push("slotSize", number("slotSize"));
    slot.push("timezone", row.text("timezone"));
    slot.push("to", number("ends"));
    slot.push("weekDays", Value::from(row.json("weekDays")));
    slot.into_value()
}

fn unset(call: &mut Call<'_, '_>) -> Result<Value> {
    let resource = noun::find(call, &RESOURCE, &GET, Act::Update, &key(call, "resourceId"))?.number;
    noun::claim(call, &RESOURCE, resource)?;
    noun::clear(call, &SLOT, &[("resourceId", resource.into())])?;
    Ok(true.into())
}
