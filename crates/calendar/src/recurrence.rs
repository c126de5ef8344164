//! Rules by which events come again: the part of RFC 5545 that calendars here have, `FREQ` from days to years with
//! `INTERVAL`, `COUNT`, `UNTIL`, and `BYDAY` in weeks.
//!
//! They are about days on the calendar; the time of day is that of the first event, by the clocks of its zone. The crate
//! `rrule` counts in the time zones of chrono, with a database of its own beside that of jiff, so it is not used.

use jiff::civil::Date;
use jiff::{Span, Unit};
use serde_json::{Value as Json, json};
use wire::Value;

/// Events that a rule counts at most.
pub const COUNT: i64 = 5_000;
const INTERVAL: i64 = 1_000;
/// Days of the week as rules spell them, Monday first.
pub const WEEK: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What a rule counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Days
    Daily,
    /// Weeks, which begin on Monday
    Weekly,
    /// Months
    Monthly,
    /// Years
    Yearly,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The unit.
    pub frequency: Frequency,
    /// Every so many of them.
    pub interval: i64,
    /// How many days there are; without end when neither this nor `until` is there.
    pub count: Option<i64>,
    /// The last day on which it may fall.
    pub until: Option<Date>,
    /// Days of the week, Monday being 0; those of weekly rules only.
    pub days: Vec<i8>,
}

impl Frequency {
    /// As rules spell it.
    pub fn code(self) -> &'static str {
        match self {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        let all = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly];
        all.into_iter().find(|frequency| frequency.code().eq_ignore_ascii_case(code))
    }
}

impl Rule {
    /// The rule that a request gives; `Ok(None)` for none, `Err` for what is no rule.
    pub fn read(given: &Value, day: impl Fn(&Value) -> Option<Date>) -> Result<Option<Self>, ()> {
        let member = |name: &str| given.get(name).filter(|value| !value.is_empty());
        let Some(code) = member("FREQ").and_then(Value::text) else { return Ok(None) };
        if code.eq_ignore_ascii_case("NONE") {
            return Ok(None);
        }
        let frequency = Frequency::parse(&code).ok_or(())?;
        let number = |name: &str, most: i64| match member(name) {
            None => Ok(None),
            Some(value) => match value.as_int() {
                Some(number) if number <= most => Ok((number > 0).then_some(number)),
                _ => Err(()),
            },
        };
        let until = match member("UNTIL") {
            None => None,
            Some(value) => Some(day(value).ok_or(())?),
        };
        let days = match member("BYDAY") {
            Some(value) if frequency == Frequency::Weekly => weekdays(value)?,
            _ => Vec::new(),
        };
        let interval = number("INTERVAL", INTERVAL)?.unwrap_or(1);
        let count = number("COUNT", COUNT)?;
        // With a number of events there is no last day beside it.
        let until = until.filter(|_| count.is_none());
        Ok(Some(Rule { frequency, interval, count, until, days }))
    }

    /// A stored rule.
    pub fn stored(json: &Json) -> Option<Self> {
        let number = |name: &str| json[name].as_i64();
        let days = json["BYDAY"].as_array().into_iter().flatten().filter_map(Json::as_str);
        Some(Rule {
            frequency: Frequency::parse(json["FREQ"].as_str()?)?,
            interval: number("INTERVAL").unwrap_or(1).max(1),
            count: number("COUNT"),
            until: json["UNTIL"].as_str().and_then(|day| day.parse().ok()),
            days: days.filter_map(weekday).collect(),
        })
    }

    /// As it is stored.
    pub fn to_json(&self) -> Json {
        let mut json = json!({"FREQ": self.frequency.code(), "INTERVAL": self.interval});
        if let Some(count) = self.count {
            json["COUNT"] = count.into();
        }
        if let Some(until) = self.until {
            json["UNTIL"] = until.to_string().into();
        }
        if !self.days.is_empty() {
            json["BYDAY"] = self.days.iter().map(|day| WEEK[*day as usize]).collect();
        }
        json
    }

    /// The days on which it falls when it starts on that day, from the first on.
    pub fn days(&self, start: Date) -> Days<'_> {
        Days { rule: self, start, period: 0, ahead: Vec::new(), left: self.count }
    }

    /// The same from about a later day on: none that is not before it is left out.
    pub fn days_from(&self, start: Date, day: Date) -> Days<'_> {
        let mut days = self.days(start);
        if self.count.is_none() && day > start {
            days.period = (periods(self.frequency, start, day) / self.interval - 1).max(0);
        }
        days
    }

    /// The last day on which it falls; `None` when it never ends.
    pub fn last(&self, start: Date) -> Option<Date> {
        match (self.count, self.until) {
            (Some(_), _) => self.days(start).last(),
            (None, Some(until)) => {
                let year = Span::new().try_years(9 * self.interval.min(100)).unwrap_or_default();
                let near = until.checked_sub(year).unwrap_or(start);
                self.days_from(start, near.max(start)).last()
            }
            (None, None) => None,
        }
    }
}

/// Whole units between two days.
fn periods(frequency: Frequency, start: Date, day: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    match frequency {
        Frequency::Daily => days_between(start, day),
        Frequency::Weekly => days_between(start, day) / 7,
        Frequency::Monthly => months(day) - months(start),
        Frequency::Yearly => i64::from(day.year()) - i64::from(start.year()),
    }
}

fn days_between(start: Date, day: Date) -> i64 {
    start.until((Unit::Day, day)).map_or(0, |span| i64::from(span.get_days()))
}

fn weekday(code: &str) -> Option<i8> {
    let place = WEEK.iter().position(|day| day.eq_ignore_ascii_case(code.trim()))?;
    i8::try_from(place).ok()
}

/// Days of the week as a list, a map or a text with commas.
fn weekdays(given: &Value) -> Result<Vec<i8>, ()> {
    let mut days = Vec::new();
    for value in given.each() {
        let text = value.text().ok_or(())?;
        for code in text.split(',').filter(|code| !code.trim().is_empty()) {
            days.push(weekday(code).ok_or(())?);
        }
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// The days of a rule, one after the other.
#[derive(Debug)]
pub struct Days<'r> {
    rule: &'r Rule,
    start: Date,
    /// The number of the next unit after that of the start.
    period: i64,
    /// Days of the current one that are to come, the next one last.
    ahead: Vec<Date>,
    left: Option<i64>,
}

impl Days<'_> {
    /// The days in a unit, the last one first; `None` beyond the calendar.
    fn within(&self, period: i64) -> Option<Vec<Date>> {
        let steps = period.checked_mul(self.rule.interval)?;
        let span = Span::new();
        match self.rule.frequency {
            Frequency::Daily => Some(vec![self.start.checked_add(span.try_days(steps).ok()?).ok()?]),
            Frequency::Weekly => {
                let own = self.start.weekday().to_monday_zero_offset();
                let monday = self.start.checked_sub(span.try_days(i64::from(own)).ok()?).ok()?;
                let monday = monday.checked_add(span.try_weeks(steps).ok()?).ok()?;
                let days = if self.rule.days.is_empty() { &[own][..] } else { &self.rule.days };
                days.iter()
                    .rev()
                    .map(|day| monday.checked_add(Span::new().try_days(i64::from(*day)).ok()?).ok())
                    .collect()
            }
            Frequency::Monthly | Frequency::Yearly => {
                let months =
                    if self.rule.frequency == Frequency::Yearly { steps.checked_mul(12)? } else { steps };
                let first = self.start.first_of_month().checked_add(span.try_months(months).ok()?).ok()?;
                // A month without that day is passed over.
                Some(Date::new(first.year(), first.month(), self.start.day()).into_iter().collect())
            }
        }
    }
}

impl Iterator for Days<'_> {
    type Item = Date;

    fn next(&mut self) -> Option<Date> {
        if self.left == Some(0) {
            return None;
        }
        loop {
            if let Some(day) = self.ahead.pop() {
                if day < self.start {
                    continue;
                }
                if self.rule.until.is_some_and(|until| day > until) {
                    self.left = Some(0);
                    return None;
                }
                self.left = self.left.map(|left| left - 1);
                return Some(day);
            }
            self.ahead = self.within(self.period)?;
            self.period += 1;
        }
    }
}

/// The first weekday of a rule on or after a day.
pub fn first(rule: &Rule, start: Date) -> Date {
    rule.days(start).next().unwrap_or(start)
}
