//! Events: `calendar.event.*`, `calendar.meeting.status.*` and `calendar.accessibility.get`.
//!
//! Everybody who is invited to a meeting has a copy of it in a calendar of one's own, whose `parentId` is the number of the
//! host's event. An event that comes again is one row with a rule.

pub mod access;
mod accessibility;
mod add;
mod delete;
pub mod given;
pub mod list;
pub mod meeting;
mod series;
mod show;
pub mod times;
mod update;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::event::{Event, Happening, event};
use engine::method::Method;
use engine::noun::{self, Access, Face, Hooks, ID, Noun, Row, Saved, Stamp, field, noun};
use serde_json::json;
use wire::{Map, Value};

use crate::refusal::FAULTS;
use crate::{SCOPE, reminder, section};

pub use given::{remind, unit};
pub use show::{BUSY, DAYS, RHYTHM, bookings};

/// What events are written with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("calendar.entry", "ID") };

/// Events.
pub static EVENT: Noun = Noun {
    access: Access::Rule(&access::ByCalendar),
    fields: &[
        ID,
        // Of a copy of a meeting: the event of its host.
        field("parentId", Kind::Integer, "Event of the host").immutable().indexed(),
        // Of a booking of a room: the event that takes place there.
        field("bookedFor", Kind::Integer, "Event in the room").immutable().indexed(),
        // No link: the host's event is in a calendar that who is invited need not see.
        field("sectionId", Kind::Integer, "Calendar").required().indexed(),
        field("calType", Kind::String, "Type of the calendar"),
        field("ownerId", Kind::Integer, "Owner of the calendar").default("0"),
        field("name", Kind::String, "Name").trimmed().required(),
        field("dateFromTs", Kind::Integer, "Beginning"),
        field("dateToTs", Kind::Integer, "End"),
        field("untilTs", Kind::Integer, "End of the last one"),
        field("tzFrom", Kind::String, "Time zone of the beginning"),
        field("tzTo", Kind::String, "Time zone of the end"),
        field("skipTime", Kind::Char, "Whole days").default("N"),
        field("rrule", Kind::Json, "Recurrence"),
        field("exdate", Kind::Json, "Days left out"),
        field("recurrenceId", Kind::Integer, "Series").indexed(),
        field("originalDateTs", Kind::Integer, "Beginning within the series"),
        field("description", Kind::Text, "Description"),
        field("privateEvent", Kind::Char, "Private").default("N"),
        field("accessibility", Kind::Choice(&["busy", "quest", "free", "absent"]), "Availability")
            .default("busy"),
        field("importance", Kind::Choice(&["high", "normal", "low"]), "Importance").default("normal"),
        field("isMeeting", Kind::Char, "With attendees").default("N"),
        field("meetingStatus", Kind::Choice(&["H", "Y", "N", "Q"]), "Answer").default("Y"),
        field("meetingHost", Kind::User, "Host"),
        field("meeting", Kind::Json, "Settings of the meeting"),
        field("location", Kind::String, "Place"),
        field("remind", Kind::Json, "Reminders"),
        field("color", Kind::String, "Color"),
        field("textColor", Kind::String, "Color of the text"),
        field("crm", Kind::Json, "Items of the CRM"),
        field("version", Kind::Integer, "Version").default("1"),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("calendar.event", "calendar_event", SCOPE, ["event", "events"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [
        add::methods(),
        update::methods(),
        delete::methods(),
        list::methods(),
        accessibility::methods(),
        meeting::methods(),
    ];
    own.into_iter().flatten().collect()
}

const EVENTS: [(&str, &str); 3] = [
    ("ONCALENDARENTRYADD", "An event was added to a calendar."),
    ("ONCALENDARENTRYUPDATE", "An event of a calendar was changed."),
    ("ONCALENDARENTRYDELETE", "An event of a calendar was deleted."),
];

/// The events about events: those of hosts alone, since copies are a part of them.
pub fn events() -> Vec<Event> {
    EVENTS.map(|(name, about)| event(name, SCOPE, about, json!({"id": "1"}))).into()
}

/// Raises one of them for those who see the calendar.
fn raise(call: &mut Call<'_, '_>, row: &Row, name: &'static str) -> Result<()> {
    if row.int("parentId").is_some() || !call.core.modules.hears(&call.meta, name) {
        return Ok(());
    }
    let (section, owner) = (row.int("sectionId").unwrap_or(0), row.int("ownerId").unwrap_or(0));
    let audience = section::audience(call, section, row.text("calType"), owner)?;
    let id = row.number;
    call.raise_to(audience, name, || Happening {
        object: format!("calendar:{id}"),
        data: Value::under("id", id),
        changed: None,
    });
    Ok(())
}

struct Hook;

impl Hooks for Hook {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        reminder::plan(call, saved.row)?;
        let name = if saved.old.is_some() { EVENTS[1].0 } else { EVENTS[0].0 };
        raise(call, saved.row, name)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let id = row.number;
        noun::clear(call, &EVENT, &[("bookedFor", id.into())])?;
        if row.int("parentId").is_some() {
            return Ok(());
        }
        noun::clear(call, &EVENT, &[("parentId", id.into())])?;
        // What was changed of a series goes with it; what began anew is a series of its own.
        let sql = "SELECT id FROM calendar_event WHERE recurrence_id = ? AND original_date_ts IS NOT NULL \
                   AND parent_id IS NULL AND rrule IS NULL";
        let changed = call.tx.all(sql, &[id.into()], |row| row.int(0))?;
        changed.into_iter().try_for_each(|one| noun::clear(call, &EVENT, &[("id", one.into())]))
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        reminder::forget(call, row.number)?;
        raise(call, row, EVENTS[2].0)
    }
}

/// Puts values over others.
pub fn merge(values: &mut Map, over: Map) {
    over.into_iter().for_each(|(name, value)| values.insert(name, value));
}
