//! Bookings as rows: when which resources are taken. Nobody books a main resource that is taken at the time: every booking
//! changes the rows of its resources, so that of two rivals the later one is run again and finds the other's.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, EventData, Events, Face, Hooks, ID, Noun, Row, Saved, Stamp, field, noun,
};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::part::{self, Owner};
use crate::period;
use crate::resource::RESOURCE;
use crate::rights::OfCrm;
use crate::words::{face, numbered};

/// What bookings are read and added with.
pub const GET: Face = face(1021, "Booking not found");

/// Bookings.
pub static BOOKING: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("name", Kind::String, "Name"),
        field("description", Kind::Text, "Description"),
        field("resourceIds", Kind::Json, "Resources").required(),
        field("dateFrom", Kind::Integer, "Begins").required().indexed(),
        field("zoneFrom", Kind::String, "Time zone of the beginning").required(),
        field("dateTo", Kind::Integer, "Ends").required().indexed(),
        field("zoneTo", Kind::String, "Time zone of the end").required(),
        field("revision", Kind::Integer, "Revision").read_only().upper_only(),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
    ],
    faces: &[GET],
    events: Some(Events::new("ONBOOKING").with(EventData::Upper)),
    hooks: &Hook,
    ..noun("booking.booking", "booking_booking", SCOPE, ["booking", "bookings"])
};

/// When resources are taken: a row for each resource of a booking.
pub static PLACE: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("bookingId", Kind::Integer, "Booking").required().indexed(),
        field("resourceId", Kind::Integer, "Resource").required(),
        field("dateFrom", Kind::Integer, "Begins").required(),
        field("dateTo", Kind::Integer, "Ends").required(),
    ],
    faces: &[GET],
    ..noun("booking.place", "booking_place", SCOPE, ["booked resource", "booked resources"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let moves = ["resourceIds", "dateFrom", "dateTo"].iter().any(|name| draft.is_given(name));
        if !moves {
            return Ok(());
        }
        let int = |name: &str| match draft.after(old, name) {
            Param::Int(number) => *number,
            _ => 0,
        };
        let time = (int("dateFrom"), int("dateTo"));
        let resources = numbers(draft.after(old, "resourceIds"));
        require_free(call, &resources, time, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let time = |row: &Row| (row.int("dateFrom").unwrap_or(0), row.int("dateTo").unwrap_or(0));
        let (row, taken) = (saved.row, resources(saved.row));
        if saved.old.is_some_and(|old| time(old) == time(row) && resources(old) == taken) {
            return Ok(());
        }
        noun::clear(call, &PLACE, &[("bookingId", row.number.into())])?;
        for resource in taken {
            noun::claim(call, &RESOURCE, resource)?;
            let mut place = Map::with_capacity(4);
            place.push("bookingId", row.number);
            place.push("resourceId", resource);
            place.push("dateFrom", time(row).0);
            place.push("dateTo", time(row).1);
            noun::put(call, &PLACE, &place)?;
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &PLACE, &[("bookingId", row.number.into())])?;
        part::clear(call, Owner::Booking, row.number)
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, rows: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        rows.iter().zip(shown).for_each(|(row, map)| *map = show(row));
        Ok(())
    }
}

/// Refuses resources that are not there, and main ones that another booking has at that time.
fn require_free(
    call: &mut Call<'_, '_>,
    resources: &[i64],
    (from, to): (i64, i64),
    old: Option<&Row>,
) -> Result<()> {
    let sql = format!("SELECT id, is_main FROM {} WHERE id IN (#)", RESOURCE.table);
    let found =
        call.tx.all_among(&sql, &[], resources, |row| Ok((row.int(0)?, row.opt_text(1)? == Some("Y"))))?;
    let kept = old.map(self::resources).unwrap_or_default();
    let is_known = |id: &i64| kept.contains(id) || found.iter().any(|(known, _)| known == id);
    if resources.is_empty() || !resources.iter().all(is_known) {
        return Err(numbered(1018, "Empty resource collection").into());
    }
    let sql = format!(
        "SELECT id FROM {} WHERE resource_id = ? AND date_to > ? AND date_from < ? AND booking_id <> ? LIMIT 1",
        PLACE.table
    );
    let own = old.map_or(0, |old| old.number);
    for (resource, _) in found.into_iter().filter(|(_, is_main)| *is_main) {
        let params = [resource.into(), from.into(), to.into(), own.into()];
        if call.tx.one(&sql, &params, |row| row.int(0))?.is_some() {
            return Err(numbered(422, "The resource is already booked for this period.").into());
        }
    }
    Ok(())
}

/// The resources of a booking, each once and in order.
pub fn resources(row: &Row) -> Vec<i64> {
    numbers(row.get("resourceIds"))
}

fn numbers(stored: &Param<'_>) -> Vec<i64> {
    match stored {
        Param::Text(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn show(row: &Row) -> Map {
    let moment = |second: &str, zone: &str| period::shown(row.int(second).unwrap_or(0), row.text(zone));
    let mut period = Map::with_capacity(2);
    period.push("from", moment("dateFrom", "zoneFrom"));
    period.push("to", moment("dateTo", "zoneTo"));
    let text = row.text("description");
    let mut shown = Map::with_capacity(5);
    shown.push("datePeriod", period);
    shown.push("description", if text.is_empty() { Value::Null } else { text.into() });
    shown.push("id", row.number);
    shown.push("name", row.text("name"));
    shown.push("resourceIds", resources(row).into_iter().map(Value::Int).collect::<Vec<_>>());
    shown
}
