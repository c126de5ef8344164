//! Events as answers show them.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::input::yes_no;
use engine::moment::offset;
use engine::noun::Row;
use engine::texts::Topic;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use store::Param;
use wire::{Map, Value};

use super::access::Detail;
use super::times::{Occurrence, Times};
use crate::date::{midnight, site, site_day, wall, zone_name};
use crate::recurrence::{Frequency, Rule, WEEK};

/// An event at one of its times, as far as the caller sees it.
#[derive(Debug)]
pub struct Entry {
    /// The event.
    pub row: Row,
    /// When it takes place.
    pub at: Occurrence,
    /// How much of it is shown.
    pub detail: Detail,
}

/// What is shown of an event that is not to be seen.
pub const BUSY: &str = "Busy";

/// Somebody who has a part in a meeting.
struct Attendee {
    user: i64,
    entry: i64,
    status: String,
}

/// The events of hosts to which rows belong.
fn host(row: &Row) -> i64 {
    row.int("parentId").unwrap_or(row.number)
}

/// Entries as events.
///
/// # Errors
/// Those of the store.
pub fn entries(call: &mut Call<'_, '_>, entries: &[Entry]) -> Result<Vec<Value>> {
    let attendees = attendees(call, entries)?;
    let hosts: Vec<i64> = entries.iter().filter_map(|entry| entry.row.int("meetingHost")).collect();
    let names = directory::people(call.tx, &hosts)?;
    let none = Vec::new();
    let shown = entries.iter().map(|entry| {
        let people = attendees.get(&host(&entry.row)).unwrap_or(&none);
        one(call, entry, people, &names)
    });
    Ok(shown.collect())
}

/// The people of each meeting, by the host's event.
fn attendees(call: &mut Call<'_, '_>, entries: &[Entry]) -> Result<HashMap<i64, Vec<Attendee>>> {
    let meetings = entries.iter().filter(|entry| entry.row.text("isMeeting") == "Y");
    let mut events: Vec<i64> = meetings.map(|entry| host(&entry.row)).collect();
    events.sort_unstable();
    events.dedup();
    let mut people: HashMap<i64, Vec<Attendee>> = HashMap::new();
    for events in events.chunks(500) {
        let ids = store::placeholders(events.len());
        let sql = format!(
            "SELECT COALESCE(parent_id, id), id, owner_id, meeting_status FROM calendar_event \
             WHERE cal_type = 'user' AND (parent_id IN ({ids}) OR id IN ({ids})) ORDER BY id"
        );
        let params: Vec<Param<'_>> = events.iter().chain(events).map(|id| Param::from(*id)).collect();
        call.tx.query(&sql, &params, |row| {
            let one = Attendee {
                entry: row.int(1)?,
                user: row.opt_int(2)?.unwrap_or(0),
                status: row.opt_text(3)?.unwrap_or("Q").to_owned(),
            };
            people.entry(row.int(0)?).or_default().push(one);
            Ok(())
        })?;
    }
    Ok(people)
}

/// When an event takes place, in all the ways in which that is said.
struct When<'t> {
    times: &'t Times,
    at: Occurrence,
}

impl When<'_> {
    fn clock(&self, end: usize) -> TimeZone {
        if self.times.whole { TimeZone::UTC } else { self.times.zones[end].clone() }
    }

    fn second(&self, end: usize) -> i64 {
        if end == 0 { self.at.from } else { self.at.to }
    }

    /// Seconds by which the clocks of the event are before those of the reader.
    fn ahead(&self, call: &Call<'_, '_>, end: usize) -> i32 {
        if self.times.whole {
            return 0;
        }
        offset(&self.times.zones[end], self.second(end)) - offset(&call.caller.zone, self.second(end))
    }

    fn formatted(&self, end: usize) -> String {
        let format = if self.times.whole { "%a %b %d %Y" } else { "%a %b %d %Y %H:%M:%S" };
        wall(&self.clock(end), self.second(end)).strftime(format).to_string()
    }

    fn put(&self, call: &Call<'_, '_>, map: &mut Map) {
        for (end, name) in ["DATE_FROM", "DATE_TO"].into_iter().enumerate() {
            map.push(name, site(call, &self.clock(end), self.second(end)));
        }
    }

    fn put_zones(&self, map: &mut Map) {
        let zones = &self.times.zones;
        map.push("TZ_FROM", zone_name(&zones[0]));
        map.push("TZ_TO", zone_name(&zones[1]));
    }

    fn put_offsets(&self, map: &mut Map) {
        let zones = &self.times.zones;
        map.push("TZ_OFFSET_FROM", offset(&zones[0], self.at.from).to_string());
        map.push("TZ_OFFSET_TO", offset(&zones[1], self.at.to).to_string());
    }

    fn put_stamps(&self, map: &mut Map) {
        map.push("DATE_FROM_TS_UTC", self.at.from.to_string());
        map.push("DATE_TO_TS_UTC", self.at.to.to_string());
    }
}

fn number(row: &Row, name: &str) -> String {
    row.int(name).unwrap_or(0).to_string()
}

/// The identifier under which other calendars know an event.
pub fn dav_id(call: &Call<'_, '_>, row: &Row) -> String {
    let added = wall(&TimeZone::UTC, row.int("dateCreate").unwrap_or(0)).strftime("%Y%m%dT%H%M%SZ");
    let server = call.settings.base_url.rsplit('/').next().unwrap_or_default();
    format!("{added}-{:032x}@{server}", host(row))
}

fn busy(call: &Call<'_, '_>) -> String {
    call.language.text(Topic::Names, BUSY).to_owned()
}

/// What events and bookings begin with.
fn begun(call: &Call<'_, '_>, entry: &Entry, when: &When<'_>) -> Map {
    let row = &entry.row;
    let made = |name: &str| site(call, &call.caller.zone, row.int(name).unwrap_or(0));
    let mut map = Map::with_capacity(60);
    map.push("ID", row.number.to_string());
    map.push("PARENT_ID", host(row).to_string());
    map.push("DELETED", "N");
    map.push("CAL_TYPE", row.text("calType"));
    map.push("OWNER_ID", number(row, "ownerId"));
    map.push("NAME", if entry.detail == Detail::Busy { busy(call) } else { row.text("name").to_owned() });
    when.put(call, &mut map);
    when.put_zones(&mut map);
    when.put_offsets(&mut map);
    when.put_stamps(&mut map);
    map.push("DT_SKIP_TIME", yes_no(when.times.whole));
    map.push("DT_LENGTH", when.times.length());
    map.push("EVENT_TYPE", (row.text("calType") == "resource").then_some("#resourcebooking#"));
    map.push("CREATED_BY", number(row, "createdBy"));
    map.push("DATE_CREATE", made("dateCreate"));
    map.push("TIMESTAMP_X", made("timestampX"));
    map.push("DESCRIPTION", if entry.detail == Detail::Full { row.text("description") } else { "" });
    map.push("VERSION", row.int("version").unwrap_or(1).to_string());
    map.push("SECTION_ID", number(row, "sectionId"));
    map.push("SECT_ID", number(row, "sectionId"));
    map.push("DATE_FROM_FORMATTED", when.formatted(0));
    map.push("DATE_TO_FORMATTED", when.formatted(1));
    map
}

fn one(call: &Call<'_, '_>, entry: &Entry, people: &[Attendee], names: &HashMap<i64, Person>) -> Value {
    let (row, full) = (&entry.row, entry.detail == Detail::Full);
    let times = Times::of(row);
    let when = When { times: &times, at: entry.at };
    let open = |name: &str| if full { row.text(name) } else { "" };
    let is_meeting = row.text("isMeeting") == "Y";
    let mut map = begun(call, entry, &when);
    let original = row.int("originalDateTs");
    map.push("ORIGINAL_DATE_FROM", original.map(|at| site(call, &when.clock(0), at)));
    map.push("PRIVATE_EVENT", if row.text("privateEvent") == "Y" { "1" } else { "" });
    map.push("ACCESSIBILITY", row.text("accessibility"));
    map.push("IMPORTANCE", row.text("importance"));
    map.push("IS_MEETING", is_meeting);
    map.push("MEETING_STATUS", row.text("meetingStatus"));
    map.push("MEETING_HOST", number(row, "meetingHost"));
    map.push("MEETING", meeting(call, row, names, full));
    map.push("LOCATION", open("location"));
    map.push("REMIND", if full { list(row, "remind") } else { Vec::new().into() });
    map.push("COLOR", row.text("color"));
    map.push("TEXT_COLOR", row.text("textColor"));
    map.push("RRULE", times.rule.as_ref().map_or("".into(), |rule| rrule(call, &times, rule)));
    let except: Vec<String> = times.except.iter().map(|day| site_day(call, *day)).collect();
    map.push("EXDATE", except.join(";"));
    map.push("DAV_XML_ID", dav_id(call, row));
    for name in ["G_EVENT_ID", "DAV_EXCH_LABEL", "CAL_DAV_LABEL"] {
        map.push(name, "");
    }
    let seen = seen(call, row, people, full);
    let codes: Vec<Value> = seen.iter().map(|one| format!("U{}", one.user).into()).collect();
    map.push("ATTENDEES_CODES", codes);
    map.push("RECURRENCE_ID", row.int("recurrenceId"));
    map.push("RELATIONS", relations(call, row, &when));
    map.push("SYNC_STATUS", Value::Null);
    let items = list(row, "crm");
    map.push("UF_CRM_CAL_EVENT", if full && !items.is_empty() { items } else { false.into() });
    map.push("UF_WEBDAV_CAL_EVENT", false);
    map.push("SECTION_DAV_XML_ID", Value::Null);
    map.push("ATTENDEE_LIST", seen.iter().map(|one| attendee(one)).collect::<Vec<_>>());
    map.push("COLLAB_ID", Value::Null);
    if let Some(rule) = &times.rule {
        map.push("~RRULE_DESCRIPTION", describe(call, &times, rule));
    }
    let of_user = |one: &&Attendee| Map::from([("entityId", "user".into()), ("id", one.user.into())]).into();
    map.push("attendeesEntityList", seen.iter().map(of_user).collect::<Vec<Value>>());
    map.push("~DESCRIPTION", open("description"));
    map.push("~USER_OFFSET_FROM", when.ahead(call, 0));
    map.push("~USER_OFFSET_TO", when.ahead(call, 1));
    map.into_value()
}

fn list(row: &Row, name: &str) -> Value {
    let json = row.json(name);
    if json.is_array() { Value::from(json) } else { Vec::new().into() }
}

fn attendee(one: &Attendee) -> Value {
    let mut map = Map::with_capacity(3);
    map.push("id", one.user);
    map.push("entryId", one.entry.to_string());
    map.push("status", one.status.as_str());
    map.into_value()
}

/// The attendees that the caller sees: where guests are hidden, the host and oneself.
fn seen<'a>(call: &Call<'_, '_>, row: &Row, people: &'a [Attendee], full: bool) -> Vec<&'a Attendee> {
    let (me, host) = (call.caller.user_id, row.int("meetingHost").unwrap_or(0));
    let hides = row.json("meeting")["HIDE_GUESTS"] == Json::Bool(true) && host != me;
    people.iter().filter(|one| full && (!hides || one.user == me || one.user == host)).collect()
}

fn meeting(call: &Call<'_, '_>, row: &Row, names: &HashMap<i64, Person>, full: bool) -> Value {
    let (kept, host) = (row.json("meeting"), row.int("meetingHost").unwrap_or(0));
    let set = |name: &str| kept[name].as_bool().unwrap_or(false);
    let mut map = Map::with_capacity(8);
    map.push("HOST_NAME", names.get(&host).filter(|_| full).map_or("", |person| person.name.as_str()));
    for name in ["NOTIFY", "REINVITE", "ALLOW_INVITE", "HIDE_GUESTS"] {
        map.push(name, set(name));
    }
    map.push("MEETING_CREATOR", host);
    map.push("LANGUAGE_ID", call.settings.language.code());
    map.push("MAIL_FROM", "");
    map.into_value()
}

/// What an event that was a part of a series has of it.
fn relations(call: &Call<'_, '_>, row: &Row, when: &When<'_>) -> Value {
    let Some(series) = row.int("recurrenceId") else { return Value::Null };
    let original = row.int("originalDateTs").unwrap_or(when.at.from);
    let day = site_day(call, wall(&when.clock(0), original).date());
    let mut map = Map::with_capacity(2);
    map.push("ORIGINAL_RECURSION_ID", series);
    map.push("COMMENT_XML_ID", format!("EVENT_{series}_{day}"));
    map.into_value()
}

fn rrule(call: &Call<'_, '_>, times: &Times, rule: &Rule) -> Value {
    let mut map = Map::with_capacity(8);
    map.push("FREQ", rule.frequency.code());
    if rule.frequency == Frequency::Weekly {
        let days = weekdays(times, rule).into_iter().map(|day| (day.into(), Value::from(day)));
        map.push("BYDAY", days.collect::<Map>().into_value());
    }
    map.push("INTERVAL", rule.interval);
    if let Some(count) = rule.count {
        map.push("COUNT", count);
    }
    if let Some(last) = end(times, rule) {
        let day = site_day(call, last);
        map.push("UNTIL", day.as_str());
        map.push("~UNTIL", day);
        map.push("UNTIL_TS", midnight(last));
    }
    map.into_value()
}

/// The last day of a series: the one that was named, or the last of so many.
fn end(times: &Times, rule: &Rule) -> Option<jiff::civil::Date> {
    rule.until.or_else(|| rule.count.and_then(|_| rule.last(times.day())))
}

/// The days of the week on which a weekly series falls.
fn weekdays(times: &Times, rule: &Rule) -> Vec<&'static str> {
    let own = [times.day().weekday().to_monday_zero_offset()];
    let days = if rule.days.is_empty() { &own[..] } else { &rule.days };
    days.iter().filter_map(|day| WEEK.get(usize::try_from(*day).ok()?).copied()).collect()
}

/// Texts that say how an event comes again: each unit alone and by number, and what may follow.
pub const RHYTHM: [&str; 11] = [
    "every day",
    "every week on: {days}",
    "every month",
    "every year",
    "every {n} days",
    "every {n} weeks on: {days}",
    "every {n} months",
    "every {n} years",
    ", from {from}",
    ", from {from} to {to}",
    ", from {from}, {n} times",
];

/// The days of the week in them, Monday first.
pub const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// How an event comes again, in words.
fn describe(call: &Call<'_, '_>, times: &Times, rule: &Rule) -> String {
    let text = |english| call.language.text(Topic::Names, english);
    let unit = rule.frequency as usize + if rule.interval > 1 { 4 } else { 0 };
    let days: Vec<&str> = weekdays(times, rule)
        .into_iter()
        .filter_map(|code| Some(text(DAYS[WEEK.iter().position(|day| *day == code)?])))
        .collect();
    let every =
        text(RHYTHM[unit]).replace("{n}", &rule.interval.to_string()).replace("{days}", &days.join(", "));
    let behind = match (rule.count, rule.until) {
        (Some(_), _) => RHYTHM[10],
        (None, Some(_)) => RHYTHM[9],
        (None, None) => RHYTHM[8],
    };
    let to = rule.until.map(|day| site_day(call, day)).unwrap_or_default();
    let count = rule.count.unwrap_or(0).to_string();
    let from = site_day(call, times.day());
    every + &text(behind).replace("{from}", &from).replace("{to}", &to).replace("{n}", &count)
}

/// What `calendar.accessibility.get` shows of an event.
pub fn busy_time(call: &Call<'_, '_>, entry: &Entry) -> Value {
    let row = &entry.row;
    let times = Times::of(row);
    let when = When { times: &times, at: entry.at };
    let mut map = Map::with_capacity(16);
    map.push("ID", row.number.to_string());
    map.push("NAME", if entry.detail == Detail::Busy { "" } else { row.text("name") });
    when.put(call, &mut map);
    when.put_stamps(&mut map);
    map.push("~USER_OFFSET_FROM", when.ahead(call, 0));
    map.push("~USER_OFFSET_TO", when.ahead(call, 1));
    map.push("DT_SKIP_TIME", yes_no(times.whole));
    when.put_zones(&mut map);
    map.push("ACCESSIBILITY", row.text("accessibility"));
    map.push("IMPORTANCE", row.text("importance"));
    map.push("EVENT_TYPE", "");
    map.into_value()
}

/// What `calendar.resource.booking.list` shows of events.
pub fn bookings(call: &Call<'_, '_>, entries: &[Entry]) -> Vec<Value> {
    entries.iter().map(|entry| booking(call, entry)).collect()
}

fn booking(call: &Call<'_, '_>, entry: &Entry) -> Value {
    let times = Times::of(&entry.row);
    let mut map = begun(call, entry, &When { times: &times, at: entry.at });
    map.push("IS_MEETING", false);
    map.push("MEETING_STATUS", "Y");
    map.push("MEETING_HOST", "0");
    map.push("RESOURCE_BOOKING_ID", entry.row.number.to_string());
    map.into_value()
}
