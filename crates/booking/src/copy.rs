//! Resources, bookings of them and the waiting list of another portal, with their clients. Who added a booking no method says.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::noun::Noun;
use wire::{Map, Value};

use crate::booking::{BOOKING, PLACE};
use crate::kind::KIND;
use crate::part::{self, CLIENT, DATUM};
use crate::resource::RESOURCE;
use crate::slot::SLOT;
use crate::waiting::WAITING;

/// The lists.
pub fn steps() -> Vec<Step> {
    const SLOTS: &[Put] = &[Put::named("resourceId", "@resourceId")];
    const BOOKINGS: &[Put] = &[Put::named("bookingId", "ownerId")];
    const ENTRIES: &[Put] = &[Put::named("waitListId", "ownerId")];
    let list = |name: &str, under, noun: &'static Noun| {
        Step::new(format!("booking.v1.{name}.list"), Target::Noun(noun, &noun.faces[0])).at(At::Under(under))
    };
    let parts = |name: &str, under, noun: &'static Noun, puts: &'static [Put], owner: &'static str| {
        Step::new(format!("booking.v1.{name}.list"), Target::With(parts))
            .at(At::Under(under))
            .paged(Paging::Whole)
            .giving("owner", owner)
            .of_each(noun.table, puts)
    };
    vec![
        list("resourceType", "resource", &KIND),
        list("resource", "resource", &RESOURCE),
        list("resource.slots", "slots", &SLOT).paged(Paging::Whole).of_each(RESOURCE.table, SLOTS).taking(&[
            ("id", "id"),
            ("from", "begins"),
            ("to", "ends"),
            ("timezone", "timezone"),
            ("weekDays", "weekDays"),
            ("slotSize", "slotSize"),
        ]),
        Step::new("booking.v1.booking.list", Target::With(bookings)).at(At::Under("booking")),
        list("waitlist", "waitList", &WAITING),
        parts("booking.client", "bookingClient", &BOOKING, BOOKINGS, "B"),
        parts("booking.externalData", "externalData", &BOOKING, BOOKINGS, "B"),
        parts("waitlist.client", "waitListClient", &WAITING, ENTRIES, "W"),
        parts("waitlist.externalData", "externalData", &WAITING, ENTRIES, "W"),
    ]
}

/// Bookings, whose periods are parts of them, and the places that they take.
fn bookings(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    let mut places = Vec::new();
    for row in &mut rows {
        let period = row.remove("datePeriod").unwrap_or_default();
        for (side, date, zone) in [("from", "dateFrom", "zoneFrom"), ("to", "dateTo", "zoneTo")] {
            let end = period.get(side).cloned().unwrap_or_default();
            row.insert(date, end.get("timestamp").and_then(Value::as_int));
            row.insert(zone, end.get("timezone").cloned().unwrap_or_default());
        }
        let booking = row.get("id").and_then(Value::as_int).unwrap_or(0);
        let sql = format!("DELETE FROM {} WHERE booking_id = ?", PLACE.table);
        copying.tx.execute(&sql, &[booking.into()])?;
        for resource in row.get("resourceIds").into_iter().flat_map(Value::items) {
            places.push(Map::from([
                ("bookingId", booking.into()),
                ("resourceId", resource.clone()),
                ("dateFrom", row.value("dateFrom")),
                ("dateTo", row.value("dateTo")),
            ]));
        }
    }
    copying.noun(&BOOKING, &BOOKING.faces[0], rows, &[])?;
    copying.tx.number_behind(BOOKING.table)?;
    copying.noun(&PLACE, &PLACE.faces[0], places, &[])
}

/// Clients, and deals as external data, in the place of those that were there.
fn parts(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let (noun, named) = match part::client(&row).ok() {
            Some(client) => (&CLIENT, Some(client)),
            None => (&DATUM, part::datum(&row).ok()),
        };
        let Some((code, id)) = named else { continue };
        let part = Map::from([
            ("owner", row.value("owner")),
            ("ownerId", row.value("ownerId")),
            ("code", code.into()),
            ("clientId", id.into()),
        ]);
        let sql = format!(
            "DELETE FROM {} WHERE owner = ? AND owner_id = ? AND code = ? AND client_id = ?",
            noun.table
        );
        let owner = row.value("owner").text().unwrap_or_default().into_owned();
        let params = [owner.into(), row.value("ownerId").as_int().into(), code.into(), id.into()];
        copying.tx.execute(&sql, &params)?;
        copying.noun(noun, &noun.faces[0], vec![part], &[])?;
    }
    Ok(())
}
