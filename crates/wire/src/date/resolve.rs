//! From what a text says to a moment: what it leaves open comes from now, and then its relative parts are added.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Clock;
use super::parsed::Parsed;
use super::relative::{Behavior, DayOfWeek, End, Special};
use super::zone::Zone;

/// The Unix second that is meant; `None` outside the calendar.
pub fn moment(parsed: &Parsed, clock: Clock<'_>) -> Option<i64> {
    let now = Timestamp::from_second(clock.now).ok()?;
    let relative = &parsed.relative;
    let mut day = Calendar::fill(parsed, clock.zone.to_datetime(now));
    // What is counted within a month is counted within the one that is meant.
    let mut months = relative.months;
    if let Some(Special::WithinMonth(end)) = relative.special {
        let ahead = std::mem::take(&mut months).checked_add(i64::from(end == End::Last))?;
        (day.month, day.day) = (day.month.checked_add(ahead)?, 1);
    }
    day.go_to_end(relative.end)?;
    if let Some(named) = relative.day_of_week {
        day.go_to_day_of_week(named, relative.days)?;
    }
    day.add(relative.years, months, relative.days)?;
    day.add_time(relative.seconds, parsed.micros.checked_add(relative.micros)?)?;
    day.go_to_end(relative.end)?;
    if let Some(Special::Workdays(days)) = relative.special {
        day.add_workdays(days)?;
    }
    let local = day.local_second()?;
    let offset = match &parsed.zone {
        Some(Zone::Fixed(offset)) => *offset,
        Some(Zone::Ruled(zone)) => offset_on_clock(zone, local, true),
        None => offset_on_clock(clock.zone, local, false),
    };
    Some(local - offset)
}

/// A day and time whose numbers may be beyond their bounds.
struct Calendar {
    year: i64,
    month: i64,
    day: i64,
    second: i64,
}

impl Calendar {
    /// What a text says, and for the rest the date and time of now; a date without a time begins at midnight.
    fn fill(parsed: &Parsed, now: DateTime) -> Self {
        let (date, time) = (now.date(), now.time());
        let second = if parsed.dated && !parsed.is_timed() {
            0
        } else {
            parsed.second.unwrap_or_else(|| time.second().into())
                + 60 * parsed.minute.unwrap_or_else(|| time.minute().into())
                + 3600 * parsed.hour.unwrap_or_else(|| time.hour().into())
        };
        Calendar {
            year: parsed.year.unwrap_or_else(|| date.year().into()),
            month: parsed.month.unwrap_or_else(|| date.month().into()),
            day: parsed.day.unwrap_or_else(|| date.day().into()),
            second,
        }
    }

    /// Goes to an end of its month.
    fn go_to_end(&mut self, end: Option<End>) -> Option<()> {
        match end {
            Some(End::First) => self.day = 1,
            Some(End::Last) => (self.month, self.day) = (self.month + 1, 0),
            None => {}
        }
        self.normalize().map(drop)
    }

    fn add(&mut self, years: i64, months: i64, days: i64) -> Option<()> {
        self.normalize()?;
        self.year = self.year.checked_add(years)?;
        self.month = self.month.checked_add(months)?;
        self.day = self.day.checked_add(days)?;
        Some(())
    }

    /// Brings all numbers within their bounds.
    fn normalize(&mut self) -> Option<Date> {
        self.day = self.day.checked_add(self.second.div_euclid(86_400))?;
        self.second = self.second.rem_euclid(86_400);
        let months = self.month.checked_sub(1)?;
        let year = i16::try_from(self.year.checked_add(months.div_euclid(12))?).ok()?;
        let first = Date::new(year, months.rem_euclid(12) as i8 + 1, 1).ok()?;
        let date = first.checked_add(Span::new().try_days(self.day.checked_sub(1)?).ok()?).ok()?;
        (self.year, self.month, self.day) = (date.year().into(), date.month().into(), date.day().into());
        Some(date)
    }

    /// Hours, too, are those on the clock: over a change of it they may be shorter or longer.
    fn add_time(&mut self, seconds: i64, micros: i64) -> Option<()> {
        self.second = self.second.checked_add(seconds)?.checked_add(micros.div_euclid(1_000_000))?;
        Some(())
    }

    fn weekday(&mut self) -> Option<i64> {
        Some(self.normalize()?.weekday().to_sunday_zero_offset().into())
    }

    fn go_to_day_of_week(&mut self, named: DayOfWeek, days: i64) -> Option<()> {
        let today = self.weekday()?;
        let ahead = named.day - today;
        self.day += match named.behavior {
            // Weeks begin on Mondays.
            Behavior::SameWeek if today == 0 && named.day != 0 => ahead - 7,
            Behavior::SameWeek if today != 0 && named.day == 0 => ahead + 7,
            Behavior::SameWeek => ahead,
            _ if named.day < 0 => -named.day - today - 7,
            behavior => {
                let least = if behavior == Behavior::TodayToo { 0 } else { 1 };
                let passed = if days < 0 { ahead < 0 } else { ahead < least };
                ahead + if passed { 7 } else { 0 }
            }
        };
        Some(())
    }

    /// Five workdays are a week.
    fn add_workdays(&mut self, days: i64) -> Option<()> {
        let today = self.weekday()?;
        let (weeks, rest) = (days / 5, days % 5);
        let over = match (days > 0, rest, today) {
            (true, 0, 0) => -2,
            (true, 0, 6) => -1,
            (true, 0, _) => 0,
            (true, _, 6) => 1,
            (true, _, _) if today + rest > 5 => 2,
            (false, 0, 6) => 2,
            (false, 0, 0) => 1,
            (false, 0, _) => 0,
            (false, _, 0) => -1,
            (false, _, _) if today + rest < 1 => -2,
            _ => 0,
        };
        self.day = self.day.checked_add(weeks.checked_mul(7)?)?.checked_add(rest + over)?;
        Some(())
    }

    /// Seconds since 1970 on its own clock.
    fn local_second(&mut self) -> Option<i64> {
        let date = self.normalize()?;
        let midnight = date.duration_since(Date::constant(1970, 1, 1)).as_secs();
        midnight.checked_add(self.second)
    }
}

/// How clocks of a zone stand at some second.
#[derive(Clone, Copy)]
struct Info {
    /// Seconds east of UTC.
    offset: i64,
    /// Whether it is summer time.
    summer: bool,
    /// Since when; nothing when always.
    since: Option<i64>,
}

fn info(zone: &TimeZone, second: i64) -> Info {
    let at = |second| {
        Timestamp::from_second(second).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX })
    };
    let found = zone.to_offset_info(at(second));
    let since =
        zone.preceding(at(second.saturating_add(1))).next().map(|change| change.timestamp().as_second());
    Info { offset: found.offset().seconds().into(), summer: found.dst().is_dst(), since }
}

/// How far east of UTC a clock stands when it shows that many seconds since 1970. In a gap it is the offset from
/// before; an hour that comes twice is resolved as PHP does it, where the first one is meant if the text names the zone.
fn offset_on_clock(zone: &TimeZone, local: i64, named: bool) -> i64 {
    /// How long before a change the clocks are looked at.
    const BEFORE: i64 = 7200;
    let first = info(zone, local);
    let mut second = info(zone, local - first.offset);
    if named && first.offset == second.offset && first.offset >= 0 && !first.summer {
        let earlier = info(zone, local - first.offset - BEFORE);
        let before = second.since.is_some_and(|since| local - earlier.offset < since);
        second = if earlier.offset != second.offset && before { earlier } else { second };
    }
    let utc = local - second.offset;
    let changing =
        second.since.is_some_and(|since| (since + first.offset - second.offset..since).contains(&utc));
    if first.offset != second.offset && !changing { second.offset } else { first.offset }
}
