//! One event of a series, or it and all that follow, as events of their own.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use jiff::civil::Date;
use wire::{Fault, Map, Value};

use super::add::{Place, create};
use super::given::{self, CHANGING};
use super::meeting::{self, Changed};
use super::merge;
use super::show::dav_id;
use super::times::{Occurrence, Times};
use super::update::{UPDATE, people, touch, whole};
use crate::date::{read_day, site, zone_name};
use crate::refusal::Checked;

/// Days that a series leaves out at most.
const EXCEPT: usize = 1_000;

/// The event of a series on the day that a call names.
///
/// # Errors
/// The refusal of a day on which there is none.
pub fn occurrence(call: &Call<'_, '_>, times: &Times, refusal: &Fault) -> Checked<Occurrence> {
    let zone = times.clock();
    let day = call.param("current_date_from").and_then(|value| read_day(&zone, call.now, value));
    day.and_then(|day| times.find(day)).ok_or_else(|| refusal.clone())
}

/// A series without the event on a day.
///
/// # Errors
/// The refusal of too many.
pub fn without(times: &Times, day: Date, refusal: &Fault) -> Checked<Times> {
    let mut times = times.clone();
    if times.except.len() >= EXCEPT {
        return Err(refusal.clone());
    }
    times.except.push(day);
    times.except.sort_unstable();
    Ok(times)
}

/// A series that ends before a day; `None` when nothing of it is left.
pub fn before(times: &Times, day: Date) -> Option<Times> {
    let mut times = times.clone();
    let rule = times.rule.as_mut()?;
    rule.count = None;
    rule.until = Some(day.yesterday().ok()?);
    let first = times.day();
    times.rule.as_ref().and_then(|rule| rule.last(first)).is_some().then_some(times)
}

/// What is left of a series from a day on.
fn rest(times: &Times, one: Occurrence) -> Times {
    let start = times.day();
    let mut rest = Times { from: one.from, to: one.to, ..times.clone() };
    if let Some(rule) = rest.rule.as_mut() {
        let passed =
            |rule: &crate::recurrence::Rule| rule.days(start).take_while(|day| *day < one.day).count();
        rule.count = rule.count.map(|count| (count - passed(rule) as i64).max(1));
    }
    rest
}

/// Changes one event of a series, or it and those that follow. Answers with both.
///
/// # Errors
/// The refusals of the method.
pub fn part(call: &mut Call<'_, '_>, row: &Row, times: &Times, values: Map, follows: bool) -> Result<Value> {
    let refusal = CHANGING.failed();
    let one = occurrence(call, times, &refusal)?;
    let left = if follows { before(times, one.day) } else { Some(without(times, one.day, &refusal)?) };
    let Some(left) = left else {
        // It and all that follow are all of them.
        whole(call, row, times, values)?;
        return Ok(row.number.into());
    };
    let old = match follows {
        true => rest(times, one),
        false => Times { from: one.from, to: one.to, rule: None, except: Vec::new(), ..times.clone() },
    };
    let mut new = given::times(call, Some(&old), &CHANGING)?.unwrap_or(old);
    if !follows {
        new.rule = None;
    }
    let mut all = given::of_row(row);
    merge(&mut all, values);
    merge(&mut all, given::of_times(&new));
    let people = people(call, row)?;
    if people.is_some() {
        all.insert("MEETING", Value::from(given::meeting(call, &row.json("meeting"))));
    }
    merge(&mut all, Map::from([("RECURRENCE_ID", row.number.into()), ("ORIGINAL_DATE_TS", one.from.into())]));
    let place = match call.param("section").and_then(Value::as_int) {
        Some(section) => Place::find(call, section, &CHANGING)?,
        None => Place::of(row),
    };
    let copies = meeting::copies(call, row.number)?;
    let answer = |copy: &Row| Some((copy.int("ownerId")?, copy.text("meetingStatus").to_owned()));
    let answers = copies.iter().filter_map(answer).collect();
    // First the series gives way, then the new one is where it was: a room has place for one.
    touch(call, row, &left)?;
    let changed = Changed { answers, ..Changed::default() };
    let made = create(call, &UPDATE, &place, all, people.as_deref(), &changed, &CHANGING)?;
    Ok(Map::from([
        ("originalDate", site(call, &times.zones[0], one.from).into()),
        ("originalDavXmlId", dav_id(call, row).into()),
        ("instanceTz", zone_name(&times.zones[0]).into()),
        ("recEventId", made.number.into()),
        ("id", row.number.into()),
    ])
    .into_value())
}
