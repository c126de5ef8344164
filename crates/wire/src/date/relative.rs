//! Relative parts of dates: spans, days of the week, and places in a month.

use super::parsed::{Parsed, Step};
use super::token::Token;
use super::words::{self, Unit};

/// The relative parts of a date.
#[derive(Clone, Debug, Default)]
pub struct Relative {
    /// Years
    pub years: i64,
    /// Months
    pub months: i64,
    /// Days
    pub days: i64,
    /// Seconds, with minutes and hours
    pub seconds: i64,
    /// Microseconds
    pub micros: i64,
    /// Then to this day of the week
    pub day_of_week: Option<DayOfWeek>,
    /// Then something that no span says; the last one counts
    pub special: Option<Special>,
    /// To one end of the month
    pub end: Option<End>,
}

/// A day of the week to go to.
#[derive(Clone, Copy, Debug)]
pub struct DayOfWeek {
    /// 0 Sunday to 6 Saturday; negative to go back
    pub day: i64,
    /// Whether and where it may be today
    pub behavior: Behavior,
}

/// The meaning of `next week` without a day, and of `weekday` without a number.
const MONDAY: i64 = 1;

/// Which of the days of that name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behavior {
    /// The next one, but not today
    NotToday,
    /// Today or the next one
    TodayToo,
    /// The one of the same week, Monday to Sunday
    SameWeek,
}

/// Units that are not counted along the calendar.
#[derive(Clone, Copy, Debug)]
pub enum Special {
    /// The day of the week is counted from this end of the month
    WithinMonth(End),
    /// So many days from Monday to Friday
    Workdays(i64),
}

/// An end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its first day
    First,
    /// Its last day
    Last,
}

/// How naming a day of the week changes the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// It stays: `+1 monday`
    Kept,
    /// The day begins: `next monday`
    Reset,
}

impl Parsed {
    /// `+1 week`
    pub fn amount(&mut self, token: &mut Token<'_>) -> Step {
        let amount = token.signed().unwrap_or(0);
        token.skip(" \t");
        self.add(amount, Behavior::TodayToo, Time::Kept, token);
        Ok(())
    }

    /// `next month`
    pub fn in_words(&mut self, token: &mut Token<'_>) -> Step {
        let (amount, behavior) = position(token);
        self.add(amount, behavior, Time::Reset, token);
        Ok(())
    }

    /// `next week`: a day of the week beside it is one of that week.
    pub fn week_in_words(&mut self, token: &mut Token<'_>) -> Step {
        self.in_words(token)?;
        let day = self.relative.day_of_week.map_or(MONDAY, |named| named.day);
        self.relative.day_of_week = Some(DayOfWeek { day, behavior: Behavior::SameWeek });
        Ok(())
    }

    /// `third friday of`
    pub fn day_of_month(&mut self, token: &mut Token<'_>) -> Step {
        let (amount, behavior) = position(token);
        let (end, behavior) =
            if amount > 0 { (End::First, Behavior::TodayToo) } else { (End::Last, behavior) };
        self.relative.special = Some(Special::WithinMonth(end));
        self.add(amount, behavior, Time::Reset, token);
        Ok(())
    }

    /// `monday`
    pub fn day_name(&mut self, token: &mut Token<'_>) -> Step {
        self.midnight();
        let day = match words::unit(token.unit()) {
            Some(Unit::DayOfWeek(day)) => day,
            _ => MONDAY,
        };
        let same = self.relative.day_of_week.is_some_and(|named| named.behavior == Behavior::SameWeek);
        let behavior = if same { Behavior::SameWeek } else { Behavior::TodayToo };
        self.relative.day_of_week = Some(DayOfWeek { day, behavior });
        Ok(())
    }

    /// `ago`: the other way round.
    pub fn ago(&mut self, _: &mut Token<'_>) -> Step {
        let relative = &mut self.relative;
        for part in [&mut relative.years, &mut relative.months, &mut relative.days, &mut relative.seconds] {
            *part = part.saturating_neg();
        }
        if let Some(named) = &mut relative.day_of_week {
            named.day = if named.day == 0 { -7 } else { -named.day };
        }
        if let Some(Special::Workdays(days)) = &mut relative.special {
            *days = -*days;
        }
        Ok(())
    }

    fn add(&mut self, amount: i64, behavior: Behavior, time: Time, token: &mut Token<'_>) {
        let Some(unit) = words::unit(token.unit()) else { return };
        let add = |part: &mut i64, times: i64| *part = part.saturating_add(amount.saturating_mul(times));
        match unit {
            Unit::Micros(micros) => add(&mut self.relative.micros, micros),
            Unit::Second => add(&mut self.relative.seconds, 1),
            Unit::Minute => add(&mut self.relative.seconds, 60),
            Unit::Hour => add(&mut self.relative.seconds, 3600),
            Unit::Days(days) => add(&mut self.relative.days, days),
            Unit::Month => add(&mut self.relative.months, 1),
            Unit::Year => add(&mut self.relative.years, 1),
            Unit::DayOfWeek(day) => {
                let weeks = if amount > 0 { amount - 1 } else { amount };
                self.relative.days = self.relative.days.saturating_add(weeks.saturating_mul(7));
                self.relative.day_of_week = Some(DayOfWeek { day, behavior });
            }
            Unit::Workday => self.relative.special = Some(Special::Workdays(amount)),
        }
        if matches!(unit, Unit::DayOfWeek(_) | Unit::Workday) && time == Time::Reset {
            self.midnight();
        }
    }
}

/// A position in words, and what it means for days of the week.
fn position(token: &mut Token<'_>) -> (i64, Behavior) {
    token.skip(" \t-/");
    let word = token.word();
    token.skip(" \t");
    let behavior = if word.eq_ignore_ascii_case("this") { Behavior::TodayToo } else { Behavior::NotToday };
    (words::position(word).unwrap_or(0), behavior)
}
