//! `calendar.event.update`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Face, Faults, Refusal, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::add::{Place, placed, values as parameters};
use super::given::{self, CHANGING};
use super::meeting::{self, Changed};
use super::times::Times;
use super::{EVENT, FACE, merge, series};
use crate::refusal::{Checked, FAULTS, require, require_owner};
use crate::{SCOPE, room};

/// The words of changes.
pub const UPDATE: Face =
    Face { faults: Faults { unwritable: Refusal::Coded("", "Access denied."), ..FAULTS }, ..FACE };

/// The methods.
pub fn methods() -> Vec<Method> {
    let method = write("calendar.event.update", SCOPE, update).param(required("id", Kind::Id, "Event"));
    vec![
        parameters(placed(method, optional), optional)
            .about("Changes an event, or one of a series or what follows it, and returns its ID.")
            .param(optional("host", Kind::Id, "Host of the meeting, who cannot be changed"))
            .param(optional("recurrence_mode", Kind::Text, "What changes of a series: this, next or all"))
            .param(optional("current_date_from", Kind::Text, "Day of the event that changes, or with which changes begin"))
            .example(
                json!({"id": 1, "type": "user", "ownerId": 1, "name": "Meeting of the team", "location": "Kitchen"}),
                json!(1),
            ),
    ]
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id"], ".")?;
    require_owner(call, ".")?;
    let row = find(call)?;
    let values = given::values(call, &CHANGING)?;
    if row.int("parentId").is_some() {
        return own(call, &row, values);
    }
    require_host(call, &row)?;
    let times = Times::of(&row);
    let mode = call.text("recurrence_mode").map(|mode| mode.to_lowercase());
    match mode.as_deref() {
        None | Some("" | "all") => {}
        Some("this" | "next") if times.rule.is_none() => {}
        Some(mode @ ("this" | "next")) => return series::part(call, &row, &times, values, mode == "next"),
        Some(_) => {
            let text = "An invalid editing type for the recurring event is specified.";
            return Err(Fault::crm(text).into());
        }
    }
    whole(call, &row, &times, values)?;
    Ok(row.number.into())
}

/// The event that a call names, when the caller may change it.
fn find(call: &mut Call<'_, '_>) -> Result<Row> {
    let scope = EVENT.grant(call, Act::Update)?;
    if let Some(row) = noun::one(call, &EVENT, &scope, call.id("id"))? {
        return Ok(row);
    }
    // Whoever is invited means the own copy.
    let condition = "t.parent_id = ? AND t.cal_type = 'user' AND t.owner_id = ?";
    let values = vec![call.id("id").into(), call.caller.user_id.into()];
    if let Some(copy) = noun::select(call, &EVENT, &scope, condition, values, "")?.pop() {
        return Ok(copy);
    }
    let reads = EVENT.grant(call, Act::Read)?;
    match noun::one(call, &EVENT, &reads, call.id("id"))? {
        Some(_) => Err(UPDATE.faults.unwritable.fault().into()),
        None => Err(CHANGING.failed().into()),
    }
}

/// The host of a meeting does not change.
fn require_host(call: &Call<'_, '_>, row: &Row) -> Checked<()> {
    let host = row.int("meetingHost").unwrap_or(0);
    match call.param("host").and_then(Value::as_int) {
        Some(given) if row.text("isMeeting") == "Y" && given != host => Err(CHANGING.failed()),
        _ => Ok(()),
    }
}

/// What somebody who is invited changes of the own copy: how it reminds and looks there. Where the host lets attendees
/// invite, others may be added to the meeting.
fn own(call: &mut Call<'_, '_>, row: &Row, mut values: Map) -> Result<Value> {
    let mut kept = Map::with_capacity(6);
    for name in ["REMIND", "COLOR", "TEXT_COLOR", "ACCESSIBILITY", "PRIVATE_EVENT"] {
        if let Some(value) = values.remove(name) {
            kept.push(name, value);
        }
    }
    if let Some(section) = call.param("section").and_then(Value::as_int) {
        let place = Place::find(call, section, &CHANGING)?;
        if place.kind != "user" || Some(place.owner) != row.int("ownerId") {
            return Err(Fault::crm(CHANGING.section).into());
        }
        kept.push("SECTION_ID", section);
    }
    noun::update(call, &EVENT, &UPDATE, &[row.number.into()], &kept)?;
    let parent = row.int("parentId").unwrap_or(0);
    let allowed = row.json("meeting")["ALLOW_INVITE"] == serde_json::Value::Bool(true);
    if let (true, Some(more), Some(host)) =
        (allowed, given::attendees(call, &CHANGING)?, noun::again(call, &EVENT, parent)?)
    {
        let mut all = invited(call, &host)?;
        all.extend(more.iter().filter(|user| !all.contains(user)).copied().collect::<Vec<_>>());
        meeting::invite(call, &host, &all, &Changed::default())?;
    }
    Ok(row.number.into())
}

/// Those who are invited to a meeting.
///
/// # Errors
/// Those of the store.
pub fn invited(call: &mut Call<'_, '_>, row: &Row) -> Result<Vec<i64>> {
    let copies = meeting::copies(call, row.number)?;
    let mut users: Vec<i64> = copies.iter().filter_map(|copy| copy.int("ownerId")).collect();
    if row.text("calType") == "user" {
        users.extend(row.int("ownerId"));
    }
    Ok(users)
}

/// Whom a call invites to what was there: `None` when it is no meeting.
pub fn people(call: &mut Call<'_, '_>, row: &Row) -> Result<Option<Vec<i64>>> {
    let is_meeting = call.param("is_meeting").and_then(Value::as_flag);
    let given = given::attendees(call, &CHANGING)?;
    Ok(match is_meeting {
        Some(false) => None,
        Some(true) => Some(given.unwrap_or_else(|| row.int("meetingHost").into_iter().collect())),
        None if row.text("isMeeting") != "Y" => None,
        None => Some(match given {
            Some(given) => given,
            None => invited(call, row)?,
        }),
    })
}

/// Changes an event, or the whole of a series.
///
/// # Errors
/// The refusals of the method.
pub fn whole(call: &mut Call<'_, '_>, row: &Row, times: &Times, mut values: Map) -> Result<()> {
    let new = given::times(call, Some(times), &CHANGING)?;
    let is_moved = new.as_ref().is_some_and(|new| (new.from, new.to) != (times.from, times.to));
    if let Some(new) = &new {
        merge(&mut values, given::of_times(new));
    }
    let people = people(call, row)?;
    let settings = given::meeting(call, &row.json("meeting"));
    let asked = settings["REINVITE"] == serde_json::Value::Bool(true);
    if people.is_some() {
        values.insert("MEETING", Value::from(settings));
        if row.text("isMeeting") != "Y" {
            values.insert("MEETING_HOST", call.caller.user_id);
        }
    }
    values.insert("IS_MEETING", people.is_some());
    values.insert("MEETING_STATUS", if people.is_some() { "H" } else { "Y" });
    values.insert("VERSION", row.int("version").unwrap_or(1) + 1);
    if let Some(section) = call.param("section").filter(|given| !given.is_empty()) {
        let place = Place::find(call, section.as_int().unwrap_or(0), &CHANGING)?;
        merge(&mut values, place.values());
    }
    let row = noun::update(call, &EVENT, &UPDATE, &[row.number.into()], &values)?;
    room::require_free(call, &row, row.int("sectionId").unwrap_or(0), &CHANGING)?;
    let changed = Changed { told: is_moved || call.param("location").is_some(), asked, ..Changed::default() };
    match people {
        Some(people) => meeting::invite(call, &row, &people, &changed)?,
        None => meeting::cancel(call, &row)?,
    }
    room::book(call, &row, &CHANGING)
}

/// Changes a few fields of a series, and of the copies of it.
///
/// # Errors
/// Those of the store.
pub fn touch(call: &mut Call<'_, '_>, row: &Row, times: &Times) -> Result<()> {
    let mut values = given::of_times(times);
    merge(&mut values, Map::from([("VERSION", (row.int("version").unwrap_or(1) + 1).into())]));
    let row = noun::update(call, &EVENT, &UPDATE, &[row.number.into()], &values)?;
    if row.text("isMeeting") == "Y" {
        let people = invited(call, &row)?;
        meeting::invite(call, &row, &people, &Changed::default())?;
    }
    room::book(call, &row, &CHANGING)
}
