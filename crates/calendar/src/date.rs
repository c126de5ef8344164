//! Moments and days of events: how requests give them and how answers write them.

use engine::call::Call;
use engine::moment::{Clock, Moment};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use wire::Value;

pub use engine::moment::{second, wall};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The last second that is kept: the end of what never ends.
pub const FOREVER: i64 = 253_402_300_799;

/// The second at which a day begins in UTC, which is how whole days are kept.
pub fn midnight(day: Date) -> i64 {
    second(&TimeZone::UTC, day.to_datetime(jiff::civil::Time::midnight())).unwrap_or(0)
}

/// The zone of that name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name.trim()).ok().filter(|zone| zone.iana_name().is_some())
}

/// The name of a zone.
pub fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

/// The second that a value of a request means; without an offset, in that zone.
pub fn read(zone: &TimeZone, now: Moment, value: &Value) -> Option<i64> {
    Clock { zone, now }.read(value)
}

/// The day that it means.
pub fn read_day(zone: &TimeZone, now: Moment, value: &Value) -> Option<Date> {
    read(zone, now, value).map(|at| wall(zone, at).date())
}

/// A moment as the portal writes it: `10/20/2025 11:58:42 am`, or `20.10.2025 11:58:42`.
pub fn site(call: &Call<'_, '_>, zone: &TimeZone, seconds: i64) -> String {
    call.settings.dates().moment(zone, seconds)
}

/// A day as the portal writes it: `10/20/2025`, or `20.10.2025`.
pub fn site_day(call: &Call<'_, '_>, day: Date) -> String {
    call.settings.dates().day(day)
}

/// A stored moment as sections show it: `2025-10-20 11:58:42`.
pub fn plain(zone: &TimeZone, seconds: i64) -> String {
    wall(zone, seconds).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The zone in which somebody reads times.
pub fn zone_of(call: &mut Call<'_, '_>, user: i64) -> engine::error::Result<TimeZone> {
    let sql = "SELECT time_zone FROM portal_user WHERE id = ?";
    let name = call.tx.one(sql, &[user.into()], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))?;
    Ok(name.and_then(|name| zone(&name)).unwrap_or_else(|| call.settings.zone.clone()))
}

/// A stretch of time that is asked for, in a zone.
#[derive(Clone, Debug)]
pub struct Window {
    /// The first and the last second.
    pub seconds: (i64, i64),
    /// The first and the last day.
    pub days: (Date, Date),
}

impl Window {
    /// Between two moments; a last one at midnight means the whole day.
    pub fn new(zone: &TimeZone, from: i64, to: i64) -> Self {
        let last = wall(zone, to);
        let to = if last.time() == jiff::civil::Time::midnight() {
            let next = last.date().tomorrow().ok().and_then(|day| second(zone, day.at(0, 0, 0, 0)));
            next.map_or(to, |next| next - 1)
        } else {
            to
        };
        Window { seconds: (from, to), days: (wall(zone, from).date(), last.date()) }
    }

    /// That of a call's `from` and `to`. Without them it goes from a month ago to three months ahead.
    pub fn of(call: &Call<'_, '_>, from: Option<&Value>, to: Option<&Value>) -> Self {
        let zone = &call.caller.zone;
        let read = |value: Option<&Value>| value.and_then(|value| read(zone, call.now, value));
        let today = wall(zone, call.now.seconds()).date();
        let month = |months: i32| {
            let span = jiff::Span::new().try_months(months).unwrap_or_default();
            let day = today.checked_add(span).unwrap_or(today);
            second(zone, day.at(0, 0, 0, 0)).unwrap_or(call.now.seconds())
        };
        Window::new(zone, read(from).unwrap_or_else(|| month(-1)), read(to).unwrap_or_else(|| month(3)))
    }

    /// The first and the last second for events of whole days, or for others.
    pub fn of_days(&self, whole: bool) -> (i64, i64) {
        match whole {
            true => (midnight(self.days.0), midnight(self.days.1) + DAY - 1),
            false => self.seconds,
        }
    }
}
