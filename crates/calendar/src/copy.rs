//! Calendars of another portal and what is in them. Events can be read only within a time, one by one where they come again:
//! those of the years around now are.

use std::borrow::Cow;

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::moment::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use wire::{Map, Value};

use crate::date::wall;
use crate::event::EVENT;
use crate::event::times::{self, Times};
use crate::recurrence::Rule;
use crate::rights;
use crate::section::SECTION;

/// How many years before and after this one are read.
const YEARS: (i16, i16) = (5, 2);

/// Calendars without an owner.
const COMMON: [&str; 3] = ["company_calendar", "location", "resource"];

/// The lists.
pub fn steps(now: Moment) -> Vec<Step> {
    const OWNER: &[Put] = &[Put::param("ownerId")];
    const WINDOW: &[Put] = &[Put::param("type"), Put::param("ownerId"), Put::param("from"), Put::param("to")];
    let sections = |kind: &str| {
        Step::new("calendar.section.get", Target::With(sections))
            .of(kind)
            .with(json!({"type": kind}))
            .paged(Paging::Whole)
    };
    let of = |kind, table| sections(kind).of_each(table, OWNER);
    let common = COMMON.map(|kind| sections(kind).with(json!({"type": kind, "ownerId": "0"})));
    let again = "SELECT id, id FROM calendar_event WHERE rrule IS NOT NULL AND id > ? ORDER BY id LIMIT ?";
    let events = Step::new("calendar.event.get", Target::With(events)).paged(Paging::Whole);
    let whole = Step::new("calendar.event.getbyid", Target::With(events_as_a_whole));
    [of("user", "portal_user"), of("group", "sonet_group")]
        .into_iter()
        .chain(common)
        .chain([
            events.each(windows(now), Cow::Borrowed(WINDOW)),
            whole.each(again, const { &[Put::param("id")] }).at(At::Row).paged(Paging::Whole),
        ])
        .collect()
}

/// The owners of calendars that are there, and the years.
fn windows(now: Moment) -> String {
    let this = wall(&TimeZone::UTC, now.seconds()).year();
    let years: Vec<String> =
        (this - YEARS.0..=this + YEARS.1).map(|year| format!("SELECT {year} AS y")).collect();
    format!(
        "SELECT n, cal_type, CAST(owner_id AS TEXT), CAST(y AS TEXT) || '-01-01', CAST(y AS TEXT) || '-12-31' FROM \
         (SELECT MIN(s.id) * 10000 + y.y AS n, s.cal_type, s.owner_id, y.y FROM calendar_section s CROSS JOIN ({}) y \
         GROUP BY s.cal_type, s.owner_id, y.y) w WHERE n > ? ORDER BY n LIMIT ?",
        years.join(" UNION ALL ")
    )
}

fn sections(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let kind = row.get("CAL_TYPE").and_then(Value::text).unwrap_or_default().into_owned();
        rights::keep(copying.tx, number("ID"), &kind, number("OWNER_ID"), row.get("ACCESS"))?;
    }
    let beside = [
        "GAPI_CALENDAR_ID",
        "CAL_DAV_CON",
        "SYNC_TOKEN",
        "PAGE_TOKEN",
        "EXTERNAL_TYPE",
        "ACCESS",
        "IS_COLLAB",
        "PERM",
    ];
    copying.noun(&SECTION, &SECTION.faces[0], rows, &beside)?;
    Ok(copying.tx.number_behind(SECTION.table)?)
}

/// Events at some of their times: those that come again say elsewhere when they begin.
fn events(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    rows.sort_by_key(|row| row.get("ID").and_then(Value::as_int));
    rows.dedup_by_key(|row| row.get("ID").and_then(Value::as_int));
    events_as_a_whole(copying, rows)
}

fn events_as_a_whole(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let rows = rows.into_iter().map(|row| event(copying, &row)).collect();
    copying.noun(&EVENT, &EVENT.faces[0], rows, &[])?;
    Ok(copying.tx.number_behind(EVENT.table)?)
}

/// An event as it is kept.
fn event(copying: &Copying<'_, '_>, row: &Map) -> Map {
    const SAME: [&str; 17] = [
        "ID",
        "SECTION_ID",
        "CAL_TYPE",
        "OWNER_ID",
        "NAME",
        "TZ_FROM",
        "TZ_TO",
        "DESCRIPTION",
        "ACCESSIBILITY",
        "IMPORTANCE",
        "MEETING_STATUS",
        "MEETING_HOST",
        "LOCATION",
        "COLOR",
        "TEXT_COLOR",
        "VERSION",
        "CREATED_BY",
    ];
    let on = |name: &str| engine::input::yes_no(row.value(name).as_flag() == Some(true));
    let mut event: Map = SAME.into_iter().map(|name| (name.into(), row.value(name))).collect();
    event.insert(
        "PARENT_ID",
        Some(row.value("PARENT_ID")).filter(|parent| parent.as_int() != row.value("ID").as_int()),
    );
    for (name, shown) in [("DATE_FROM_TS", "DATE_FROM_TS_UTC"), ("DATE_TO_TS", "DATE_TO_TS_UTC")] {
        event.insert(name, row.value(shown).as_int());
    }
    event.insert("SKIP_TIME", row.value("DT_SKIP_TIME"));
    event.insert("PRIVATE_EVENT", on("PRIVATE_EVENT"));
    event.insert("IS_MEETING", on("IS_MEETING"));
    event.insert("RECURRENCE_ID", row.value("RECURRENCE_ID").as_int());
    for name in ["REMIND", "MEETING"] {
        event.insert(name, Some(row.value(name)).filter(|value| !value.is_empty()));
    }
    event.insert("CRM", Some(row.value("UF_CRM_CAL_EVENT")).filter(Value::is_array));
    for name in ["DATE_CREATE", "TIMESTAMP_X"] {
        event.insert(name, copying.clock.read(&row.value(name)).map(|at| wire::time::iso(at, 0)));
    }
    let day = |value: &Value| copying.clock.read_day(value)?.parse::<Date>().ok();
    let rule = Rule::read(&row.value("RRULE"), day).ok().flatten();
    event.insert("RRULE", rule.as_ref().map(|rule| Value::from(rule.to_json())));
    let except: Vec<Date> = match row.value("EXDATE") {
        Value::Str(days) => days.split(';').filter_map(|one| day(&one.trim().into())).collect(),
        days => days.each().filter_map(day).collect(),
    };
    event.insert("EXDATE", Value::from(times::store(&except)));
    let zone = |name: &str| {
        row.value(name).text().and_then(|name| crate::date::zone(&name)).unwrap_or(TimeZone::UTC)
    };
    let number = |name: &str| row.value(name).as_int().unwrap_or(0);
    let times = Times {
        from: number("DATE_FROM_TS_UTC"),
        to: number("DATE_TO_TS_UTC"),
        whole: on("DT_SKIP_TIME") == "Y",
        zones: [zone("TZ_FROM"), zone("TZ_TO")],
        rule,
        except: Vec::new(),
    };
    event.insert("UNTIL_TS", times.until());
    let clock = engine::moment::Clock { zone: &times.clock(), now: copying.clock.now };
    event.insert(
        "ORIGINAL_DATE_TS",
        clock.read(&row.value("ORIGINAL_DATE_FROM")).filter(|_| !row.value("ORIGINAL_DATE_FROM").is_empty()),
    );
    event
}
