//! Meetings: the copies of who is invited, and their answers.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, read, required, write};
use engine::noun::{self, Row, Saved};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::given;
use super::times::Times;
use super::{EVENT, FACE, merge};
use crate::SCOPE;
use crate::notice::{self, Notice};
use crate::refusal::{Checked, require};
use crate::settings;

/// The methods.
pub fn methods() -> Vec<Method> {
    let event = || required("eventId", Kind::Id, "Event");
    vec![
        read("calendar.meeting.status.get", SCOPE, get)
            .own_words()
            .about("Returns the caller's answer to an invitation: Y, N or Q, or H of the host.")
            .param(event())
            .example(json!({"eventId": 1}), json!("H")),
        write("calendar.meeting.status.set", SCOPE, set)
            .own_words()
            .about("Answers an invitation and tells the host.")
            .param(event())
            .param(required("status", Kind::Text, "Answer: Y, N or Q"))
            .example(json!({"eventId": 1, "status": "Y"}), json!(true)),
    ]
}

/// What a change does to a meeting that is there.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Whether attendees learn of it.
    pub told: bool,
    /// Whether they are asked again.
    pub asked: bool,
    /// Answers to the meeting of which this one was a part.
    pub answers: HashMap<i64, String>,
}

/// The copies of a meeting.
///
/// # Errors
/// Those of the store.
pub fn copies(call: &mut Call<'_, '_>, event: i64) -> Result<Vec<Row>> {
    noun::which(call, &EVENT, "t.parent_id = ?", vec![event.into()], " ORDER BY t.id")
}

/// What copies have of the host's event.
fn shared(row: &Row) -> Map {
    let mut values = given::of_row(row);
    for own in ["REMIND", "COLOR", "TEXT_COLOR", "ACCESSIBILITY", "PRIVATE_EVENT"] {
        values.remove(own);
    }
    merge(&mut values, given::of_times(&Times::of(row)));
    values.push("VERSION", row.int("version"));
    values.push("RECURRENCE_ID", row.int("recurrenceId"));
    values.push("ORIGINAL_DATE_TS", row.int("originalDateTs"));
    values
}

/// Has exactly these people have a copy of a meeting, beside whose calendar it is in. Who is new is invited, and who is not
/// any more is told.
///
/// # Errors
/// Those of the store.
pub fn invite(call: &mut Call<'_, '_>, row: &Row, attendees: &[i64], changed: &Changed) -> Result<()> {
    let there = copies(call, row.number)?;
    let owner = |row: &Row| row.int("ownerId").unwrap_or(0);
    let is_home = |user: i64| row.text("calType") == "user" && owner(row) == user;
    for gone in there.iter().filter(|copy| !attendees.contains(&owner(copy))) {
        notice::tell(call, owner(gone), gone, Notice::Cancelled)?;
        noun::clear(call, &EVENT, &[("id", gone.number.into())])?;
    }
    for user in attendees.iter().copied().filter(|user| !is_home(*user)) {
        match there.iter().find(|copy| owner(copy) == user) {
            Some(copy) => follow(call, row, copy, changed)?,
            None => copy(call, row, user, changed)?,
        }
    }
    Ok(())
}

/// Brings a copy in line with its meeting.
fn follow(call: &mut Call<'_, '_>, row: &Row, copy: &Row, changed: &Changed) -> Result<()> {
    let mut values = shared(row);
    let asks = changed.asked && copy.text("meetingStatus") != "H";
    if asks {
        values.push("MEETING_STATUS", "Q");
    }
    let Some(copy) = noun::amend(call, &EVENT, &FACE, copy.number, &values)? else { return Ok(()) };
    let user = copy.int("ownerId").unwrap_or(0);
    match (asks, changed.told) {
        (true, _) => notice::tell(call, user, &copy, Notice::Invited),
        (false, true) if copy.text("meetingStatus") != "N" => {
            notice::tell(call, user, &copy, Notice::Changed)
        }
        _ => Ok(()),
    }
}

/// Makes the copy of somebody who is invited.
fn copy(call: &mut Call<'_, '_>, row: &Row, user: i64, changed: &Changed) -> Result<()> {
    let Some(section) = settings::meetings(call, user)? else { return Ok(()) };
    let mut values = given::of_row(row);
    merge(&mut values, shared(row));
    let is_host = row.int("meetingHost") == Some(user);
    let answer = changed.answers.get(&user).cloned();
    let is_new = answer.is_none() && !is_host;
    let status = if is_host { "H".to_owned() } else { answer.unwrap_or_else(|| "Q".to_owned()) };
    merge(
        &mut values,
        Map::from([
            ("PARENT_ID", row.number.into()),
            ("SECTION_ID", section.into()),
            ("CAL_TYPE", "user".into()),
            ("OWNER_ID", user.into()),
            ("MEETING_STATUS", status.into()),
        ]),
    );
    // It comes with the meeting that the caller was allowed to write.
    let copy = noun::put(call, &EVENT, &values)?;
    if is_new { notice::tell(call, user, &copy, Notice::Invited) } else { Ok(()) }
}

/// Ends a meeting: nobody has a copy any more.
///
/// # Errors
/// Those of the store.
pub fn cancel(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    invite(call, row, &[], &Changed::default())
}

/// The caller's part in the event that a call names: one's own copy, or the event itself when it is in one's own calendar.
fn mine(call: &mut Call<'_, '_>) -> Result<Option<Row>> {
    let scope = EVENT.grant(call, Act::Read)?;
    let id = call.id("eventId");
    let me = call.caller.user_id;
    let condition = "t.cal_type = 'user' AND t.owner_id = ? AND (t.id = ? OR t.parent_id = ? OR t.parent_id = \
                     (SELECT o.parent_id FROM calendar_event o WHERE o.id = ?))";
    let values = vec![me.into(), id.into(), id.into(), id.into()];
    let rows = noun::select(call, &EVENT, &scope, condition, values, " ORDER BY t.id")?;
    let copy = |row: &&Row| row.int("parentId").is_some();
    let found = rows.iter().find(copy).or(rows.first()).cloned();
    if found.is_some() {
        return Ok(found);
    }
    // Whoever made a meeting in another calendar is its host there.
    let condition = "t.id = ? AND t.meeting_host = ?";
    Ok(noun::select(call, &EVENT, &scope, condition, vec![id.into(), me.into()], "")?.pop())
}

/// The parameters are checked with the name of one method in both.
fn require_event(call: &Call<'_, '_>) -> Checked<()> {
    if call.id("eventId") > 0 {
        return Ok(());
    }
    let text = "The required parameter \"eventId\" for the method \"calendar.meeting.status.set\" is not set";
    Err(Fault::crm(text))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require_event(call)?;
    match mine(call)? {
        Some(row) => Ok(row.text("meetingStatus").into()),
        None => Err(Fault::crm("An error occurred while retrieving the status").into()),
    }
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require_event(call)?;
    require(call, &["status"], "")?;
    let status = call.text("status").unwrap_or_default().to_uppercase();
    let wrong = || Fault::crm("Invalid value for the parameter \"status\"");
    if !["Y", "N", "Q"].contains(&status.as_str()) {
        return Err(wrong().into());
    }
    let row = mine(call)?.ok_or_else(|| Fault::crm("Access denied"))?;
    answer(call, &row, &status)?;
    notice::answered(call, &row)?;
    Ok(true.into())
}

/// Keeps an answer with the copy of who gives it, and tells the host. The host of a meeting has nothing to answer.
///
/// # Errors
/// Those of the store.
pub fn answer(call: &mut Call<'_, '_>, row: &Row, status: &str) -> Result<()> {
    let before = row.text("meetingStatus");
    if row.int("parentId").is_none() || before == "H" || before == status {
        return Ok(());
    }
    noun::amend(call, &EVENT, &FACE, row.number, &Map::from([("MEETING_STATUS", status.into())]))?;
    let told = row.json("meeting")["NOTIFY"] != Json::Bool(false);
    let what = match status {
        "Y" => Notice::Accepted,
        "N" => Notice::Declined,
        _ => return Ok(()),
    };
    match row.int("meetingHost").filter(|_| told) {
        Some(host) => notice::tell(call, host, row, what),
        None => Ok(()),
    }
}

/// Follows a notification: an invitation is answered there as well, with the buttons below it.
///
/// # Errors
/// Those of the store.
pub fn pressed(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let row = saved.row;
    let (is_ours, given) = (row.text("module") == "calendar", row.text("answer"));
    let was = saved.old.map_or("", |old| old.text("answer"));
    let own = row.int("userId") == Some(call.caller.user_id);
    if saved.old.is_none() || !is_ours || !own || given == was || !["Y", "N"].contains(&given) {
        return Ok(());
    }
    let event = row.json("params")["EVENT_ID"].as_i64().unwrap_or(0);
    let Some(copy) = noun::again(call, &EVENT, event)? else { return Ok(()) };
    if copy.text("calType") != "user" || copy.int("ownerId") != Some(call.caller.user_id) {
        return Ok(());
    }
    let given = given.to_owned();
    answer(call, &copy, &given)
}
