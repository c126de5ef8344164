//! When an event takes place: once, or again and again.

use engine::noun::Row;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::date::{self, DAY, FOREVER, second, wall};
use crate::recurrence::Rule;

/// The times of an event.
#[derive(Clone, Debug)]
pub struct Times {
    /// When the first one begins, in Unix seconds; of whole days the beginning of the first day in UTC.
    pub from: i64,
    /// When it ends; of whole days the beginning of the last day.
    pub to: i64,
    /// Whether it takes whole days.
    pub whole: bool,
    /// The zones of its beginning and end.
    pub zones: [TimeZone; 2],
    /// How it comes again.
    pub rule: Option<Rule>,
    /// Days on which it does not.
    pub except: Vec<Date>,
}

/// One time at which an event takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When it begins.
    pub from: i64,
    /// When it ends; of whole days the beginning of the last day.
    pub to: i64,
    /// The day on which it begins.
    pub day: Date,
}

impl Times {
    /// Those of a row.
    pub fn of(row: &Row) -> Self {
        let zone = |name: &str| date::zone(row.text(name)).unwrap_or(TimeZone::UTC);
        Times {
            from: row.int("dateFromTs").unwrap_or(0),
            to: row.int("dateToTs").unwrap_or(0),
            whole: row.text("skipTime") == "Y",
            zones: [zone("tzFrom"), zone("tzTo")],
            rule: Rule::stored(&row.json("rrule")),
            except: days(&row.json("exdate")),
        }
    }

    /// The zone by whose clocks it comes again.
    pub fn clock(&self) -> TimeZone {
        if self.whole { TimeZone::UTC } else { self.zones[0].clone() }
    }

    /// The day on which the first one begins.
    pub fn day(&self) -> Date {
        wall(&self.clock(), self.from).date()
    }

    /// How long one takes, in seconds; whole days count as such.
    pub fn length(&self) -> i64 {
        self.to - self.from + if self.whole { DAY } else { 0 }
    }

    /// The last second at which it takes place.
    pub fn until(&self) -> i64 {
        let last = match &self.rule {
            None => Some(self.day()),
            Some(rule) if rule.count.is_none() && rule.until.is_none() => return FOREVER,
            Some(rule) => rule.last(self.day()),
        };
        let last = last.and_then(|day| self.on(day)).map_or(self.from, |one| one.from);
        last + self.length()
    }

    /// The one that begins on that day.
    fn on(&self, day: Date) -> Option<Occurrence> {
        let clock = self.clock();
        let from = second(&clock, day.to_datetime(wall(&clock, self.from).time()))?;
        Some(Occurrence { from, to: from + (self.to - self.from), day })
    }

    /// The one that begins on that day, if one does.
    pub fn find(&self, day: Date) -> Option<Occurrence> {
        let (from, to) = (date::midnight(day) - 2 * DAY, date::midnight(day) + 3 * DAY);
        self.between(from, to).find(|one| one.day == day)
    }

    /// Those that touch the time between two seconds, in their order.
    pub fn between(&self, from: i64, to: i64) -> impl Iterator<Item = Occurrence> + '_ {
        let start = self.day();
        let near = wall(&self.clock(), from.saturating_sub(self.length() + 2 * DAY)).date();
        let again = self.rule.iter().flat_map(move |rule| rule.days_from(start, near));
        let once = self.rule.is_none().then_some(start);
        once.into_iter()
            .chain(again)
            .filter(|day| !self.except.contains(day))
            .map_while(|day| self.on(day))
            .take_while(move |one| one.from <= to)
            .filter(move |one| one.from + self.length() > from || one.from >= from)
    }

    /// Those that begin after a second.
    pub fn after(&self, second: i64) -> impl Iterator<Item = Occurrence> + '_ {
        self.between(second, FOREVER).filter(move |one| one.from > second)
    }
}

/// Stored days.
pub fn days(json: &Json) -> Vec<Date> {
    json.as_array().into_iter().flatten().filter_map(|day| day.as_str()?.parse().ok()).collect()
}

/// Days as they are stored.
pub fn store(days: &[Date]) -> Json {
    days.iter().map(ToString::to_string).collect()
}
