//! What happens to a working day: `timeman.status`, `open`, `pause`, `close` and `settings`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, Param, optional, read, write};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::day::{self, DAY};
use crate::entry::{self, Kind};
use crate::schedule::{self, Schedule};
use crate::{SCOPE, person};

/// Letters of a reason.
const LONGEST: usize = 4_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    let user = || optional("USER_ID", method::Kind::Id, "Employee; by default the user");
    let with_time = |method: Method| timed().into_iter().fold(method.param(user()), Method::param);
    let opened = json!({"STATUS": "OPENED", "TIME_FINISH": null, "TZ_OFFSET": 0, "DURATION": "00:00:00"});
    vec![
        read("timeman.status", SCOPE, |call| {
            let user = person::named(call)?;
            let row = day::last(call, user)?;
            answer(call, row.as_ref())
        })
        .own_words()
        .about("Returns the working day of an employee: the current or the last one.")
        .param(user())
        .example(json!({}), json!({"STATUS": "OPENED", "TIME_LEAKS": "00:00:00"})),
        with_time(
            write("timeman.open", SCOPE, open)
                .own_words()
                .about("Begins the working day of an employee, or goes on with it, and returns it."),
        )
        .example(json!({"USER_ID": 2}), opened),
        write("timeman.pause", SCOPE, pause)
            .own_words()
            .about("Interrupts the working day of an employee and returns it.")
            .param(user())
            .example(json!({}), json!({"STATUS": "PAUSED"})),
        with_time(
            write("timeman.close", SCOPE, close)
                .own_words()
                .about("Ends the working day of an employee and returns it."),
        )
        .example(json!({}), json!({"STATUS": "CLOSED"})),
        read("timeman.settings", SCOPE, settings)
            .own_words()
            .about("Returns the rules for the working day of an employee.")
            .param(user())
            .example(json!({}), json!({"UF_TIMEMAN": true, "UF_TM_MAX_START": "09:15:00", "ADMIN": true})),
    ]
}

fn timed() -> [Param; 4] {
    use method::Kind::{Any, Text};
    [
        optional("TIME", Text, "Moment in ISO 8601; by default now"),
        optional("REPORT", Text, "Reason of the change"),
        optional("LAT", Any, "Latitude"),
        optional("LON", Any, "Longitude"),
    ]
}

/// What a request says beside the employee.
struct Said {
    /// The moment, and the seconds east of Greenwich in which it is written.
    time: Option<(i64, i64)>,
    report: Option<String>,
    place: (f64, f64),
    address: String,
}

impl Said {
    fn read(call: &mut Call<'_, '_>, user: i64, wrong: &'static str) -> Result<Self> {
        let time = match call.text("TIME") {
            Some(text) => Some(time(call, user, &text)?.ok_or_else(|| refused(wrong))?),
            None => None,
        };
        if time.is_some_and(|(seconds, _)| seconds > call.now.seconds()) {
            return Err(refused(wrong).into());
        }
        let degrees = |name: &str, most: f64| {
            let given = call.param(name).and_then(Value::as_float);
            given.filter(|given| given.abs() <= most).unwrap_or(0.0)
        };
        let report = call.text("REPORT").map(|text| text.trim().chars().take(LONGEST).collect::<String>());
        Ok(Said {
            time,
            report: report.filter(|report| !report.is_empty()),
            place: (degrees("LAT", 90.0), degrees("LON", 180.0)),
            address: call.address.map(|address| address.to_string()).unwrap_or_default(),
        })
    }

    /// Refuses a change without a reason, where one is needed.
    fn require_report(&self, schedule: &Schedule) -> Result<()> {
        if self.report.is_some() || schedule.is_free() {
            return Ok(());
        }
        Err(Fault::new(400, "REPORT", "Report is required").into())
    }

    /// Whether a moment that was given counts without the head's approval.
    fn is_approved(&self, schedule: &Schedule, now: i64) -> bool {
        schedule.is_free() || self.time.is_none_or(|(time, _)| (now - time).abs() <= schedule.delta())
    }
}

/// A moment with its zone, or without one in that of the employee.
fn time(call: &mut Call<'_, '_>, user: i64, text: &str) -> Result<Option<(i64, i64)>> {
    let zone = person::zone(call, user)?;
    let Some(seconds) = moment::parse(&zone, text) else { return Ok(None) };
    let offset = written(text).unwrap_or_else(|| i64::from(moment::offset(&zone, seconds)));
    Ok(Some((seconds, offset)))
}

/// The offset that stands behind a moment, in seconds: that of `2025-03-27T08:00:01+02:00`.
fn written(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.ends_with(['Z', 'z']) {
        return Some(0);
    }
    let (_, clock) = text.split_once(['T', ' '])?;
    let at = clock.rfind(['+', '-'])?;
    let (hours, minutes) = clock.get(at + 1..at + 3).zip(clock.get(clock.len().checked_sub(2)?..))?;
    let seconds = hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60;
    Some(if clock.as_bytes()[at] == b'-' { -seconds } else { seconds })
}

fn refused(text: &'static str) -> Fault {
    Fault::new(400, "WRONG_DATETIME", text)
}

fn busy(text: &'static str) -> Fault {
    Fault::new(400, "TIME", text)
}

/// The day of an employee, or a closed one for who never had any.
fn answer(call: &Call<'_, '_>, row: Option<&Row>) -> Result<Value> {
    let Some(row) = row else { return Ok(none()) };
    let now = call.now.seconds();
    let (offset, state) = (day::offset(row), day::state(row, now));
    let number = |name: &str| row.real(name).unwrap_or(0.0);
    let mut map = Map::with_capacity(14);
    map.push("STATUS", state);
    map.push("TIME_START", day::moment(day::start(row), offset));
    map.push("TIME_FINISH", row.int("endTime").map(|end| day::moment(end, offset)));
    map.push("DURATION", day::clock(day::duration(row)));
    map.push("TIME_LEAKS", day::clock(row.int("breakLength").unwrap_or(0)));
    map.push("ACTIVE", row.text("isApproved") == "Y");
    map.push("IP_OPEN", row.text("ipOpen"));
    map.push("IP_CLOSE", row.text("ipClose"));
    for (name, field) in [
        ("LAT_OPEN", "latOpen"),
        ("LON_OPEN", "lonOpen"),
        ("LAT_CLOSE", "latClose"),
        ("LON_CLOSE", "lonClose"),
    ] {
        map.push(name, number(field));
    }
    map.push("TZ_OFFSET", offset);
    if state == "EXPIRED" {
        map.push("TIME_FINISH_DEFAULT", day::moment(finish_default(row), offset));
    }
    Ok(map.into_value())
}

/// When an expired day may have ended: at the end of the shift, or when it was interrupted.
fn finish_default(row: &Row) -> i64 {
    let midnight = day::date(day::start(row), day::offset(row)) * day::DAY_LONG - day::offset(row);
    let end = midnight + schedule::END;
    row.int("pausedAt").unwrap_or(end).max(day::start(row))
}

fn none() -> Value {
    let mut map = Map::with_capacity(13);
    map.push("STATUS", "CLOSED");
    map.push("TIME_START", Value::Null);
    map.push("TIME_FINISH", Value::Null);
    map.push("DURATION", day::clock(0));
    map.push("TIME_LEAKS", day::clock(0));
    map.push("ACTIVE", true);
    map.push("IP_OPEN", "");
    map.push("IP_CLOSE", "");
    for name in ["LAT_OPEN", "LON_OPEN", "LAT_CLOSE", "LON_CLOSE", "TZ_OFFSET"] {
        map.push(name, 0);
    }
    map.into_value()
}

const NOT_TODAY: &str = "Day open date should correspond to the current date";
const ANOTHER_DAY: &str = "Day close date should correspond to the day open date";

fn open(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = person::named(call)?;
    let said = Said::read(call, user, NOT_TODAY)?;
    let now = call.now.seconds();
    let last = day::last(call, user)?;
    let state = last.as_ref().map_or("CLOSED", |row| day::state(row, now)).to_owned();
    let today = last.filter(|row| state != "CLOSED" || day::is_of_today(row, now));
    let row = match (today, state.as_str()) {
        (None, _) => begin(call, user, &said)?,
        (_, "EXPIRED") => return Err(Fault::new(400, "EXPIRED", "Work day is expired").into()),
        (_, "PAUSED") if said.time.is_some() => {
            return Err(busy("Unable to set time, work day is paused").into());
        }
        _ if said.time.is_some() => {
            return Err(busy("Unable to set time, work day is opened already").into());
        }
        (Some(row), "OPENED") => row,
        (Some(row), _) => go_on(call, &row)?,
    };
    answer(call, Some(&row))
}

/// Begins a new day.
fn begin(call: &mut Call<'_, '_>, user: i64, said: &Said) -> Result<Row> {
    let (schedule, now) = (Schedule::of(call)?, call.now.seconds());
    let (start, offset) = match said.time {
        Some(time) => {
            said.require_report(&schedule)?;
            time
        }
        None => (now, i64::from(moment::offset(&person::zone(call, user)?, now))),
    };
    if day::date(start, offset) != day::date(now, offset) {
        return Err(refused(NOT_TODAY).into());
    }
    let mut fields = Map::with_capacity(9);
    fields.push("userId", user);
    fields.push("startTime", start);
    fields.push("state", "OPENED");
    fields.push("isApproved", said.is_approved(&schedule, now));
    fields.push("zoneOffset", offset);
    fields.push("ipOpen", said.address.as_str());
    fields.push("latOpen", said.place.0);
    fields.push("lonOpen", said.place.1);
    fields.push("report", said.report.clone());
    let row = noun::put(call, &DAY, &fields)?;
    entry::note(call, &row, Kind::Start, (start, start))?;
    Ok(row)
}

/// Goes on with a day that was interrupted, or closed too early: the time between counts as a break.
fn go_on(call: &mut Call<'_, '_>, row: &Row) -> Result<Row> {
    let now = call.now.seconds();
    let since = row.int("pausedAt").or(row.int("endTime")).unwrap_or(now);
    let breaks = row.int("breakLength").unwrap_or(0) + (now - since).max(0);
    let changed = [
        ("state", "OPENED".into()),
        ("pausedAt", "".into()),
        ("endTime", "".into()),
        ("ipClose", Value::Null),
        ("breakLength", breaks.into()),
    ];
    let row = day::amend(call, row, changed)?;
    entry::note(call, &row, Kind::Continue, (since, now))?;
    Ok(row)
}

fn pause(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = person::named(call)?;
    let now = call.now.seconds();
    let Some(row) = day::last(call, user)? else { return answer(call, None) };
    // One that was closed today was left at that moment.
    let since = match day::state(&row, now) {
        "OPENED" => now,
        "CLOSED" if day::is_of_today(&row, now) => row.int("endTime").unwrap_or(now),
        _ => return answer(call, Some(&row)),
    };
    let changed = [
        ("state", "PAUSED".into()),
        ("pausedAt", since.into()),
        ("endTime", "".into()),
        ("ipClose", Value::Null),
    ];
    let row = day::amend(call, &row, changed)?;
    entry::note(call, &row, Kind::Pause, (since, since))?;
    answer(call, Some(&row))
}

fn close(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = person::named(call)?;
    let said = Said::read(call, user, ANOTHER_DAY)?;
    let now = call.now.seconds();
    let Some(row) = day::last(call, user)? else { return answer(call, None) };
    let state = day::state(&row, now).to_owned();
    if state == "CLOSED" {
        return answer(call, Some(&row));
    }
    let schedule = Schedule::of(call)?;
    let end = said.time.map_or(now, |(time, _)| time);
    let offset = day::offset(&row);
    if day::date(end, offset) != day::date(day::start(&row), offset) || end < day::start(&row) {
        return Err(refused(ANOTHER_DAY).into());
    }
    if said.time.is_some() || state == "EXPIRED" {
        said.require_report(&schedule)?;
    }
    let paused = row.int("pausedAt").map_or(0, |since| (end - since).max(0));
    let breaks = row.int("breakLength").unwrap_or(0) + paused;
    let approved = row.text("isApproved") == "Y" && said.is_approved(&schedule, now);
    let changed = [
        ("state", "CLOSED".into()),
        ("endTime", end.into()),
        ("pausedAt", "".into()),
        ("breakLength", breaks.into()),
        ("isApproved", approved.into()),
        ("ipClose", said.address.as_str().into()),
        ("latClose", said.place.0.into()),
        ("lonClose", said.place.1.into()),
        ("report", said.report.clone().or_else(|| Some(row.text("report").to_owned())).into()),
    ];
    let row = day::amend(call, &row, changed)?;
    entry::note(call, &row, Kind::End, (end, end))?;
    answer(call, Some(&row))
}

fn settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = person::named(call)?;
    let schedule = Schedule::of(call)?;
    let mut map = Map::with_capacity(7);
    map.push("UF_TIMEMAN", true);
    map.push("UF_TM_FREE", schedule.is_free());
    map.push("UF_TM_MAX_START", day::clock(schedule.number("maxExactStart")));
    map.push("UF_TM_MIN_FINISH", day::clock(schedule.number("minExactEnd")));
    map.push("UF_TM_MIN_DURATION", day::clock(schedule.number("minDayDuration")));
    map.push("UF_TM_ALLOWED_DELTA", day::clock(schedule.delta()));
    if user == call.caller.user_id {
        map.push("ADMIN", person::leads(call));
    }
    Ok(map.into_value())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_moment_may_say_its_zone() {
        for (text, offset) in [
            ("2025-03-27T08:00:01+02:00", Some(7_200)),
            ("2025-03-27T08:00:01-0330", Some(-12_600)),
            ("2025-03-27T08:00:01Z", Some(0)),
            ("2025-03-27T08:00:01", None),
            ("2025-03-27", None),
            ("+", None),
        ] {
            assert_eq!(written(text), offset, "{text}");
        }
    }
}
