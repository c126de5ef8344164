//! Reports on working days: `timeman.timecontrol.reports.*`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required};
use engine::moment::{self, DateFormat};
use engine::noun::Row;
use engine::texts::Topic;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::control::Settings;
use crate::person::leads;
use crate::{SCOPE, day, entry, network, person};

/// The names of months.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Texts in the reader's language.
pub fn names() -> Vec<&'static str> {
    MONTHS.to_vec()
}

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Id, Int};
    vec![
        read("timeman.timecontrol.reports.get", SCOPE, get)
            .own_words()
            .about("Returns the working days of an employee in a month.")
            .param(required("USER_ID", Id, "Employee"))
            .param(required("MONTH", Int, "Month"))
            .param(required("YEAR", Int, "Year"))
            .param(optional("IDLE_MINUTES", Int, "Minutes of absence that count as none; none are known"))
            .param(optional("WORKDAY_HOURS", Int, "Hours of a day; by default 8"))
            .example(
                json!({"USER_ID": 1, "MONTH": 6, "YEAR": 2026}),
                json!({"report": {"month_title": "June", "days": [{"workday_complete": false}]}, "user": {"id": 1}}),
            ),
        read("timeman.timecontrol.reports.settings.get", SCOPE, settings)
            .about("Returns which reports the user sees.")
            .example(json!({}), json!({"active": true, "user_id": 1, "report_view_type": "head"})),
        read("timeman.timecontrol.reports.users.get", SCOPE, users)
            .about("Lists the employees whose reports the user sees.")
            .param(optional("DEPARTMENT_ID", Id, "Department"))
            .example(json!({"DEPARTMENT_ID": 2}), json!([{"id": 2}, {"id": 3}])),
    ]
}

/// What a user sees of own reports and of those of others.
fn view(call: &Call<'_, '_>, settings: &Settings) -> &'static str {
    let me = call.caller.user_id;
    match () {
        () if leads(call) => "head",
        () if settings.shows("full", me) => "full",
        () if settings.shows("simple", me) => "simple",
        () => "none",
    }
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = Settings::read(call)?;
    let view = view(call, &settings);
    if view == "none" {
        return Err(Fault::new(400, "ACCESS_ERROR", "You don't have access to this method").into());
    }
    let denied = || Fault::new(400, "USER_ACCESS_ERROR", "You don't have access to report for this user");
    if call.id("USER_ID") <= 0 {
        return Err(denied().into());
    }
    let user = person::named(call).map_err(|error| error.reworded(|_| denied()))?;
    let zone = person::zone(call, user)?;
    let number = |name: &str| call.param(name).and_then(Value::as_int);
    let month = number("YEAR").zip(number("MONTH")).and_then(|(year, month)| first_of(year, month));
    let month = month.ok_or_else(|| Fault::new(400, "ERROR_ARGUMENT", "The month is not valid"))?;
    let hours = number("WORKDAY_HOURS").filter(|hours| (1..=24).contains(hours)).unwrap_or(8);
    let (from, until) = bounds(month, &zone);
    let rows = if settings.active { day::between(call, user, from, until)? } else { Vec::new() };
    let days = days(call, &rows, hours * 3_600, view)?;
    let title = MONTHS.get(usize::from(month.month().unsigned_abs()) - 1).copied().unwrap_or_default();
    let mut report = Map::with_capacity(4);
    report.push("month_title", call.language.text(Topic::Names, title));
    report.push("date_start", moment::print(&zone, from));
    report.push("date_finish", moment::print(&zone, until));
    report.push("days", days);
    let mut map = Map::with_capacity(2);
    map.push("report", report.into_value());
    map.push("user", person::shown(user, &person::row(call, user)?));
    Ok(map.into_value())
}

fn first_of(year: i64, month: i64) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok().filter(|year| (1970..=9000).contains(year))?,
        i8::try_from(month).ok()?,
        1,
    )
    .ok()
}

/// The first and the last second of a month.
fn bounds(month: Date, zone: &TimeZone) -> (i64, i64) {
    let begin = |day: Date| {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        zone.to_ambiguous_timestamp(midnight).compatible().map_or(0, |at| at.as_second())
    };
    let next = month.last_of_month().tomorrow().unwrap_or(month);
    (begin(month), begin(next) - 1)
}

/// Days with what happened in them, which a simple report leaves out.
fn days(call: &mut Call<'_, '_>, rows: &[Row], wanted: i64, view: &str) -> Result<Vec<Value>> {
    let entries = if view == "simple" { Vec::new() } else { entry::of_days(call, rows)? };
    let networks = network::all(call)?;
    let network = |ip: &str| match ip.parse() {
        Ok(address) => network::found(&networks, address),
        Err(_) => false.into(),
    };
    let (now, dates) = (call.now.seconds(), call.settings.dates());
    let day = |row: &Row| {
        let own = entries.iter().filter(|one| one.int("dayId") == Some(row.number));
        let reports = own.map(|one| entry::shown(one, day::offset(row), view == "head", network)).collect();
        shown(dates, row, wanted, now, reports)
    };
    Ok(rows.iter().map(day).collect())
}

fn shown(dates: DateFormat, row: &Row, wanted: i64, now: i64, reports: Vec<Value>) -> Value {
    let offset = day::offset(row);
    let (start, end) = (day::start(row), row.int("endTime"));
    let date = day::moment(start, offset).text().unwrap_or_default()[..10].to_owned();
    let breaks = row.int("breakLength").unwrap_or(0);
    let whole = end.unwrap_or(now) - start;
    let worked = (whole - breaks).max(0);
    let mut map = Map::with_capacity(11);
    map.push("index", date.replace('-', ""));
    map.push("day_title", dates.stored_day(&date));
    map.push("workday_date_start", day::moment(start, offset));
    map.push("workday_date_finish", day::moment(end.unwrap_or(now), offset));
    map.push("workday_complete", end.is_some());
    map.push("workday_time_leaks_user", breaks);
    map.push("workday_time_leaks_real", 0);
    map.push("workday_time_leaks_final", wanted - worked);
    map.push("workday_duration", whole);
    map.push("workday_duration_final", worked);
    map.push("workday_duration_config", wanted);
    map.push("reports", reports);
    map.into_value()
}

fn settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = Settings::read(call)?;
    let me = call.caller.user_id;
    let filter = match (call.caller.is_admin, leads(call)) {
        (true, _) => Some(json!({})),
        (_, true) => Some(json!({"UF_HEAD": me})),
        _ => None,
    };
    let departments = match filter {
        Some(filter) => call.ask("department.get", filter)?.unwrap_or_default(),
        None => Value::Null,
    };
    let department = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let mut map = Map::with_capacity(2);
        map.push("id", text("ID"));
        map.push("name", text("NAME"));
        map.into_value()
    };
    let mut map = Map::with_capacity(7);
    map.push("active", settings.active);
    map.push("user_id", me);
    map.push("user_admin", call.caller.is_admin);
    map.push("user_head", !call.meta.directory.people_of(me).is_empty());
    map.push("departments", departments.items().map(department).collect::<Vec<_>>());
    map.push("minimum_idle_for_report", settings.idle);
    map.push("report_view_type", view(call, &settings));
    Ok(map.into_value())
}

fn users(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    if !leads(call) {
        return Ok(vec![person::shown(me, &person::row(call, me)?)].into());
    }
    let department = call.id("DEPARTMENT_ID");
    let mut filter = json!({"ACTIVE": true});
    if department > 0 {
        filter["UF_DEPARTMENT"] = department.into();
    }
    let found =
        call.ask("user.get", json!({"FILTER": filter, "SORT": "ID", "ORDER": "ASC"}))?.unwrap_or_default();
    let shown = |user: &Value| {
        let id = user.get("ID")?.as_int().filter(|id| person::manages(call, *id))?;
        Some(person::shown(id, user))
    };
    Ok(found.items().filter_map(shown).collect::<Vec<_>>().into())
}
