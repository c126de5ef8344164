//! Moments and days as the protocol writes and reads them (6.3).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};
use wire::{Text, Value};

/// A clock reading in microseconds since 1970, UTC. Calls carry one; nothing below the edge asks the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
}

/// How many seconds east of UTC clocks in `zone` are at that second.
pub fn offset(zone: &TimeZone, seconds: i64) -> i32 {
    if zone == &TimeZone::UTC {
        return 0;
    }
    Timestamp::from_second(seconds).map_or(0, |at| zone.to_offset(at).seconds())
}

/// What clocks in a zone show at that second.
pub fn wall(zone: &TimeZone, seconds: i64) -> DateTime {
    zone.to_datetime(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The second at which clocks in a zone show that. What they skip is read by the offset of before, and what they show twice
/// is the first of both, as RFC 5545 has it.
pub fn second(zone: &TimeZone, at: DateTime) -> Option<i64> {
    zone.to_ambiguous_timestamp(at).compatible().ok().map(Timestamp::as_second)
}

/// `2025-10-20T11:58:42+02:00` for Unix seconds.
pub fn print(zone: &TimeZone, seconds: i64) -> Text {
    wire::time::iso(seconds, offset(zone, seconds))
}

/// How a portal writes days and moments that are no part of the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// `10/20/2025 11:58:42 am`
    MonthFirst,
    /// `20.10.2025 11:58:42`
    DayFirst,
}

impl DateFormat {
    /// Both.
    pub const ALL: [DateFormat; 2] = [DateFormat::MonthFirst, DateFormat::DayFirst];

    /// Its name for programs.
    pub fn code(self) -> &'static str {
        match self {
            DateFormat::MonthFirst => "month-first",
            DateFormat::DayFirst => "day-first",
        }
    }

    /// The moment of these Unix seconds.
    pub fn moment(self, zone: &TimeZone, seconds: i64) -> String {
        let format = match self {
            DateFormat::MonthFirst => "%m/%d/%Y %I:%M:%S %P",
            DateFormat::DayFirst => "%d.%m.%Y %H:%M:%S",
        };
        wall(zone, seconds).strftime(format).to_string()
    }

    /// A day.
    pub fn day(self, day: Date) -> String {
        let format = match self {
            DateFormat::MonthFirst => "%m/%d/%Y",
            DateFormat::DayFirst => "%d.%m.%Y",
        };
        day.strftime(format).to_string()
    }

    /// A stored day (`2025-10-20`).
    pub fn stored_day(self, day: &str) -> String {
        day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| self.day(day))
    }
}

/// A stored day (`2025-10-20`) as the moment at which it begins, the way CRM date fields are printed.
pub fn print_day(zone: &TimeZone, day: &str) -> Text {
    match parse(zone, day) {
        Some(seconds) => print(zone, seconds),
        None => Text::new(day),
    }
}

/// Unix seconds of a moment as the operator writes it: ISO 8601 with or without an offset, a bare day,
/// `DD.MM.YYYY` or `MM/DD/YYYY` with an optional time. Without an offset it is a time in `zone`. Requests may write
/// much more: see [`Clock`].
pub fn parse(zone: &TimeZone, text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact.as_second());
    }
    second(zone, parse_local(text)?)
}

/// Seconds in a span of time: `90s`, `30m`, `2h`, `3d` or `1w`.
pub fn span(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 24 * 3_600,
        "w" => 7 * 24 * 3_600,
        _ => return None,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number.parse::<i64>().ok()?.checked_mul(seconds)).flatten()
}

/// The clock for dates in a request: the caller's time zone, and the moment that `yesterday` is relative to.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    /// The zone of times without an offset.
    pub zone: &'a TimeZone,
    /// When the call came.
    pub now: Moment,
}

impl Clock<'_> {
    /// The Unix second that a value of a request means: text that [`wire::date`] reads, or Unix seconds.
    pub fn read(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Int(seconds) => Some(*seconds),
            Value::Str(text) => self.read_text(text),
            _ => None,
        }
    }

    /// The day that a value of a request means, as `YYYY-MM-DD`; a moment counts as its day in the zone.
    pub fn read_day(&self, value: &Value) -> Option<String> {
        let second = self.read_text(value.as_str()?)?;
        Some(print(self.zone, second)[..10].to_owned())
    }

    fn read_text(&self, text: &str) -> Option<i64> {
        let clock = wire::date::Clock { zone: self.zone, now: self.now.seconds() };
        // PHP takes blanks for now, which nobody means.
        wire::date::parse(text, clock).filter(|_| !text.trim().is_empty())
    }
}

fn parse_local(text: &str) -> Option<DateTime> {
    if let Ok(local) = text.parse::<DateTime>() {
        return Some(local);
    }
    if let Ok(day) = text.parse::<Date>() {
        return Some(day.to_datetime(jiff::civil::Time::midnight()));
    }
    const SITE_FORMATS: [&str; 4] =
        ["%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M"];
    const SITE_DAYS: [&str; 2] = ["%d.%m.%Y", "%m/%d/%Y"];
    let moment = SITE_FORMATS.iter().find_map(|format| strtime::parse(format, text).ok()?.to_datetime().ok());
    moment.or_else(|| {
        let day = SITE_DAYS.iter().find_map(|format| strtime::parse(format, text).ok()?.to_date().ok())?;
        Some(day.to_datetime(jiff::civil::Time::midnight()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accepted_spelling_is_the_same_moment() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for text in [
            "2025-10-20T11:58:42+02:00",
            "2025-10-20T09:58:42Z",
            "2025-10-20T11:58:42",
            "2025-10-20 11:58:42",
            "20.10.2025 11:58:42",
            "10/20/2025 11:58:42 AM",
        ] {
            assert_eq!(parse(&berlin, text), Some(1_760_954_322), "{text}");
        }
        assert_eq!(print(&berlin, 1_760_954_322), "2025-10-20T11:58:42+02:00");
        assert_eq!(parse(&berlin, "soon"), None);
        assert_eq!(parse(&berlin, ""), None);
    }

    #[test]
    fn portals_write_dates_in_their_own_way() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (seconds, month_first, day_first) in [
            (1_760_954_322, "10/20/2025 11:58:42 am", "20.10.2025 11:58:42"),
            (1_760_954_322 + 3600, "10/20/2025 12:58:42 pm", "20.10.2025 12:58:42"),
            (1_760_954_322 + 12 * 3600 + 60, "10/20/2025 11:59:42 pm", "20.10.2025 23:59:42"),
            (1_760_954_322 + 13 * 3600, "10/21/2025 12:58:42 am", "21.10.2025 00:58:42"),
        ] {
            assert_eq!(DateFormat::MonthFirst.moment(&berlin, seconds), month_first);
            assert_eq!(DateFormat::DayFirst.moment(&berlin, seconds), day_first);
            // Requests may give either.
            assert_eq!(parse(&berlin, month_first), Some(seconds));
            assert_eq!(parse(&berlin, day_first), Some(seconds));
        }
        assert_eq!(DateFormat::MonthFirst.stored_day("2025-10-20"), "10/20/2025");
        assert_eq!(DateFormat::DayFirst.stored_day("2025-10-20"), "20.10.2025");
        assert_eq!(DateFormat::DayFirst.stored_day("x"), "x");
    }

    #[test]
    fn days_keep_their_date() {
        let clock = Clock { zone: &TimeZone::UTC, now: Moment(0) };
        for text in ["2001-11-11", "11.11.2001", "2001-11-11T02:00:00", "11/11/2001"] {
            assert_eq!(clock.read_day(&text.into()).as_deref(), Some("2001-11-11"), "{text}");
        }
        assert_eq!(clock.read_day(&"0000-00-00".into()), None);
        assert_eq!(print_day(&TimeZone::UTC, "2001-11-11"), "2001-11-11T00:00:00+00:00");
    }
}
