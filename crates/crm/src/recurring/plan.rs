//! When something that recurs is due: from a first day on in steps of days, weeks, months or years, until a limit.

use jiff::Span;
use jiff::civil::Date;

/// A unit of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A day
    Day,
    /// Seven days
    Week,
    /// A calendar month; the 31st becomes the last day of a shorter one
    Month,
    /// A calendar year
    Year,
}

impl Unit {
    /// `day`, `week`, `month` or `year`.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        })
    }

    /// A day so many units later, or earlier; `None` beyond the calendar.
    pub fn after(self, day: Date, count: i64) -> Option<Date> {
        let span = match self {
            Unit::Day => Span::new().try_days(count),
            Unit::Week => Span::new().try_weeks(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Year => Span::new().try_years(count),
        };
        day.checked_add(span.ok()?).ok()
    }

    /// How many whole units lie between two days at most; at least one less.
    pub fn between(self, from: Date, to: Date) -> i64 {
        let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
        let days = || (to - from).get_days();
        match self {
            Unit::Day => i64::from(days()),
            Unit::Week => i64::from(days()) / 7,
            Unit::Month => months(to) - months(from),
            Unit::Year => i64::from(to.year() - from.year()),
        }
    }
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Once, so many units before the first day
    Once(Unit, i64),
    /// On the first day and every so many units from it
    Every(Unit, i64),
}

/// Days that follow each other.
pub trait Recurrence {
    /// The first such day from `from` on, counted from `start`, so many being over; `None` when there is none.
    fn next(&self, start: Date, from: Date, done: i64) -> Option<Date>;
}

impl Recurrence for Rhythm {
    fn next(&self, start: Date, from: Date, done: i64) -> Option<Date> {
        match *self {
            Rhythm::Once(..) if done > 0 => None,
            Rhythm::Once(unit, before) => unit.after(start, before.checked_neg()?).filter(|day| *day >= from),
            Rhythm::Every(unit, every) => step(start, unit, every.max(1), from),
        }
    }
}

/// Steps are counted from the start, so that the 31st comes back after a short month.
fn step(start: Date, unit: Unit, every: i64, from: Date) -> Option<Date> {
    if from <= start {
        return Some(start);
    }
    let mut steps = unit.between(start, from) / every;
    loop {
        let day = unit.after(start, steps.checked_mul(every)?)?;
        if day >= from {
            return Some(day);
        }
        steps += 1;
    }
}

/// Until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// For ever
    Never,
    /// Through this day
    Day(Date),
    /// So many times
    Times(i64),
}

impl Limit {
    /// Whether that day comes too late, it having been done so many times.
    pub fn is_over(self, day: Date, done: i64) -> bool {
        match self {
            Limit::Never => false,
            Limit::Day(last) => day > last,
            Limit::Times(times) => done >= times,
        }
    }
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan<R> {
    /// The first day.
    pub start: Date,
    /// How often.
    pub rhythm: R,
    /// Until when.
    pub limit: Limit,
}

impl<R: Recurrence> Plan<R> {
    /// The first day from `from` on on which it is due, having been done so many times; `None` when it is over.
    pub fn next(&self, from: Date, done: i64) -> Option<Date> {
        let day = self.rhythm.next(self.start, from, done)?;
        (!self.limit.is_over(day, done)).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_follow_each_other_from_the_start() {
        let plan = |unit, every| Plan {
            start: date(2026, 1, 31),
            rhythm: Rhythm::Every(unit, every),
            limit: Limit::Never,
        };
        for (unit, every, from, due) in [
            (Unit::Day, 1, date(2025, 5, 1), date(2026, 1, 31)),
            (Unit::Day, 3, date(2026, 2, 1), date(2026, 2, 3)),
            (Unit::Week, 2, date(2026, 2, 14), date(2026, 2, 14)),
            (Unit::Week, 2, date(2026, 2, 15), date(2026, 2, 28)),
            (Unit::Month, 1, date(2026, 2, 1), date(2026, 2, 28)),
            (Unit::Month, 1, date(2026, 3, 1), date(2026, 3, 31)),
            (Unit::Month, 5, date(2026, 7, 1), date(2026, 11, 30)),
            (Unit::Year, 1, date(2027, 2, 1), date(2028, 1, 31)),
            (Unit::Day, 0, date(2026, 2, 1), date(2026, 2, 1)),
        ] {
            assert_eq!(plan(unit, every).next(from, 7), Some(due), "{unit:?} {every} {from}");
        }
        assert_eq!(plan(Unit::Year, i64::MAX).next(date(2027, 1, 1), 0), None);
    }

    #[test]
    fn limits_end_it() {
        let start = date(2026, 6, 1);
        let plan = |rhythm, limit| Plan { start, rhythm, limit };
        let daily = Rhythm::Every(Unit::Day, 1);
        assert_eq!(plan(daily, Limit::Times(2)).next(start, 1), Some(start));
        assert_eq!(plan(daily, Limit::Times(2)).next(start, 2), None);
        let last = Limit::Day(date(2026, 6, 3));
        assert_eq!(plan(daily, last).next(date(2026, 6, 3), 9), Some(date(2026, 6, 3)));
        assert_eq!(plan(daily, last).next(date(2026, 6, 4), 0), None);
        let once = Rhythm::Once(Unit::Week, 1);
        assert_eq!(plan(once, Limit::Never).next(date(2026, 5, 1), 0), Some(date(2026, 5, 25)));
        assert_eq!(plan(once, Limit::Never).next(date(2026, 5, 26), 0), None);
        assert_eq!(plan(once, Limit::Never).next(date(2026, 5, 1), 1), None);
    }
}
