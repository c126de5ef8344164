//! Reminders: the timetable tells of an event before it begins.

use std::sync::LazyLock;

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Method, write};
use engine::moment::Moment;
use engine::noun::{self, Row};
use engine::timetable::{Job, Next, Task};
use jiff::tz::TimeZone;
use wire::{Map, Value};

use crate::SCOPE;
use crate::date::{second, wall, zone_of};
use crate::event::EVENT;
use crate::event::times::{Occurrence, Times};
use crate::event::unit;
use crate::notice::{self, Notice};

/// Reminds of the event with the number that is its key; the payload is the second that is due.
pub const JOB: Job = Job { kind: "calendar.reminder", run: due, every: None };

/// It is in no list: the timetable calls it alone.
static REMIND: LazyLock<Method> = LazyLock::new(|| write("calendar.remind", SCOPE, remind).own_words());

/// Events of a series that are looked through for the next reminder.
const AHEAD: usize = 1_000;

/// Whom an event reminds: whose calendar it is in, or who added it to another.
fn person(row: &Row) -> i64 {
    let who = if row.text("calType") == "user" { "ownerId" } else { "createdBy" };
    row.int(who).unwrap_or(0)
}

/// How many seconds before it begins an event reminds.
fn leads(row: &Row) -> Vec<i64> {
    let kept = row.json("remind");
    let lead = |one: &serde_json::Value| Some(unit(one["type"].as_str()?)? * one["count"].as_i64()?);
    kept.as_array().into_iter().flatten().filter_map(lead).collect()
}

/// When an event begins by the clocks of somebody: whole days at midnight there.
fn begins(times: &Times, zone: &TimeZone, one: Occurrence) -> i64 {
    if times.whole { second(zone, wall(&TimeZone::UTC, one.from)).unwrap_or(one.from) } else { one.from }
}

/// The next second after that one at which an event reminds.
fn next(times: &Times, leads: &[i64], zone: &TimeZone, after: i64) -> Option<i64> {
    let longest = leads.iter().copied().max()?;
    let mut due: Option<i64> = None;
    // A day more, for whole days begin earlier or later elsewhere.
    for one in times.after(after - crate::date::DAY).take(AHEAD) {
        let begin = begins(times, zone, one);
        if due.is_some_and(|due| begin - longest > due) {
            break;
        }
        let soonest = leads.iter().map(|lead| begin - lead).filter(|at| *at > after).min();
        due = due.into_iter().chain(soonest).min();
    }
    due
}

/// Puts the next reminder of an event that was written on the timetable, or takes it off.
///
/// # Errors
/// Those of the store.
pub fn plan(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let after = call.now.seconds();
    plan_after(call, row, after)
}

fn plan_after(call: &mut Call<'_, '_>, row: &Row, after: i64) -> Result<()> {
    let key = row.number.to_string();
    let leads = leads(row);
    let is_off = leads.is_empty() || row.text("meetingStatus") == "N" || row.int("bookedFor").is_some();
    let due = match is_off {
        true => None,
        false => {
            let zone = zone_of(call, person(row))?;
            next(&Times::of(row), &leads, &zone, after)
        }
    };
    match due {
        Some(due) => call.schedule(&JOB, &key, Moment(due * 1_000_000), &due.to_string()),
        None => call.cancel(&JOB, &key).map(drop),
    }
}

/// Takes the reminders of an event off.
///
/// # Errors
/// Those of the store.
pub fn forget(call: &mut Call<'_, '_>, event: i64) -> Result<()> {
    call.cancel(&JOB, &event.to_string()).map(drop)
}

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    let (event, due) = (task.key.parse::<i64>().unwrap_or(0), task.payload.parse::<i64>().unwrap_or(0));
    task.perform_as((0, true), &REMIND, Map::from([("event", event.into()), ("due", due.into())]))?;
    Ok(Next::Done)
}

/// Tells of what begins, unless it is over by now, and plans the next reminder.
fn remind(call: &mut Call<'_, '_>) -> Result<Value> {
    let (event, due) = (call.id("event"), call.id("due"));
    let Some(row) = noun::again(call, &EVENT, event)? else { return Ok(false.into()) };
    let (times, leads, who) = (Times::of(&row), leads(&row), person(&row));
    if !directory::is_active(call.tx, who)? {
        return Ok(false.into());
    }
    let zone = zone_of(call, who)?;
    let is_due = |one: &Occurrence| leads.iter().any(|lead| begins(&times, &zone, *one) - lead == due);
    let soon = times.after(due - crate::date::DAY).take(AHEAD).find(is_due);
    if let Some(one) = soon.filter(|one| begins(&times, &zone, *one) + times.length() >= call.now.seconds()) {
        notice::tell_at(call, who, &row, Notice::Soon, one.from)?;
    }
    let after = due.max(call.now.seconds() - times.length().min(crate::date::DAY));
    plan_after(call, &row, after)?;
    Ok(true.into())
}
