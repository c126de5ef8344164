//! `PARAMS` of a recurring invoice: how often invoices are made, and until when they are to be paid.

use engine::entity::{Field, Kind, describe};
use engine::texts::Locale;
use jiff::civil::{Date, Weekday};
use serde_json::{Map as Json, Value as JsonValue, json};
use wire::{Map, Value};

use crate::recurring::plan::{Recurrence, Unit};

/// A member: its name, its title, and whether it is a number; the others are words.
struct Member(&'static str, &'static str, bool);

const MEMBERS: [Member; 10] = [
    Member("PERIOD", "Unit of the interval", false),
    Member("TYPE", "Day of a month: 1 by its number, 2 by the day of the week", true),
    Member("INTERVAL", "Interval", true),
    Member("IS_WORKING_ONLY", "Only working days", false),
    Member("WEEKDAY", "Day of the week", false),
    Member("NUM_DAY_IN_MONTH", "Number of the day in the month", true),
    Member("NUM_WEEKDAY_IN_MONTH", "Which such day of the week in the month", true),
    Member("FIELD_YEARLY_INTERVAL_MONTH_NAME", "Month of the year", true),
    Member("DATE_PAY_BEFORE_OFFSET_TYPE", "Unit of the time to pay", false),
    Member("DATE_PAY_BEFORE_OFFSET_VALUE", "Time to pay", true),
];

/// Steps that are looked through for the next day: more than there are months in two thousand years.
const STEPS: i64 = 30_000;

/// What is kept of the members of a request, over those of before. `MODE` is another name of `PERIOD`.
pub fn complete(given: &JsonValue, old: &JsonValue) -> JsonValue {
    let mut kept = Json::new();
    for Member(name, _, is_number) in MEMBERS {
        let alias = if name == "PERIOD" { given.get("MODE") } else { None };
        let value = given.get(name).or(alias).or_else(|| old.get(name)).unwrap_or(&JsonValue::Null);
        let word = value.as_str().unwrap_or_default();
        let known = match name {
            "WEEKDAY" => weekday(word).is_some(),
            "IS_WORKING_ONLY" => matches!(word, "Y" | "N"),
            _ => Unit::parse(word).is_some(),
        };
        kept.insert(
            name.to_owned(),
            match () {
                () if is_number => json!(number(value).max(0)),
                () if known => json!(word),
                () if name == "PERIOD" => json!("day"),
                () => JsonValue::Null,
            },
        );
    }
    kept.into()
}

fn number(value: &JsonValue) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).unwrap_or(0)
}

fn weekday(word: &str) -> Option<Weekday> {
    const WORDS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let word = word.to_ascii_lowercase();
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, day)| *day)
}

/// How often invoices are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    unit: Unit,
    every: i64,
    day: Day,
    working_only: bool,
}

/// Which day of a week, month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// That of the start
    Same,
    /// This day of the week
    Weekday(Weekday),
    /// The day of the month with this number, or its last one; in a year, of this month
    Numbered(i8, Option<i8>),
    /// This day of the week in the month for so many a time; in a year, of this month
    Nth(Weekday, i8, Option<i8>),
}

impl Recurrence for Rhythm {
    fn next(&self, start: Date, from: Date, _: i64) -> Option<Date> {
        let from = from.max(start);
        let whole = if self.unit == Unit::Day { self.unit.between(start, from) / self.every } else { 0 };
        (whole..whole + STEPS)
            .map_while(|step| self.unit.after(start, step.checked_mul(self.every)?))
            .find_map(|near| self.at(near).filter(|day| *day >= from))
    }
}

impl Rhythm {
    /// What the members say.
    pub fn of(params: &JsonValue) -> Self {
        let word = |name: &str| params.get(name).and_then(JsonValue::as_str).unwrap_or_default();
        let count = |name: &str| params.get(name).map_or(0, number);
        let unit = Unit::parse(word("PERIOD")).unwrap_or(Unit::Day);
        let small = |name: &str, most: i64| i8::try_from(count(name).clamp(0, most)).unwrap_or(0);
        let month = Some(small("FIELD_YEARLY_INTERVAL_MONTH_NAME", 12)).filter(|_| unit == Unit::Year);
        let month = month.filter(|month| *month > 0);
        let named = weekday(word("WEEKDAY"));
        let day = match (unit, count("TYPE"), named) {
            (Unit::Week, _, Some(day)) => Day::Weekday(day),
            (Unit::Month | Unit::Year, 2, Some(day)) => {
                Day::Nth(day, small("NUM_WEEKDAY_IN_MONTH", 5).max(1), month)
            }
            (Unit::Month | Unit::Year, 1, _) if count("NUM_DAY_IN_MONTH") > 0 => {
                Day::Numbered(small("NUM_DAY_IN_MONTH", 31), month)
            }
            _ => Day::Same,
        };
        Rhythm { unit, every: count("INTERVAL").max(1), day, working_only: word("IS_WORKING_ONLY") == "Y" }
    }

    /// The day that is meant in the week, month or year of another one.
    fn at(&self, near: Date) -> Option<Date> {
        let in_month = |month: Option<i8>| match month {
            Some(month) => Date::new(near.year(), month, 1).ok(),
            None => Some(near.first_of_month()),
        };
        let day = match self.day {
            Day::Same => near,
            Day::Weekday(day) => {
                let monday =
                    near.checked_sub(jiff::Span::new().days(near.weekday().to_monday_zero_offset())).ok()?;
                monday.checked_add(jiff::Span::new().days(day.to_monday_zero_offset())).ok()?
            }
            Day::Numbered(number, month) => {
                let first = in_month(month)?;
                first.with().day(number.min(first.days_in_month())).build().ok()?
            }
            // A month without a fifth one has its last one.
            Day::Nth(day, which, month) => {
                let first = in_month(month)?;
                first
                    .nth_weekday_of_month(which, day)
                    .or_else(|_| first.nth_weekday_of_month(-1, day))
                    .ok()?
            }
        };
        match (self.working_only, day.weekday()) {
            (true, Weekday::Saturday) => day.checked_add(jiff::Span::new().days(2)).ok(),
            (true, Weekday::Sunday) => day.tomorrow().ok(),
            _ => Some(day),
        }
    }
}

/// Until when an invoice that is made on that day is to be paid.
pub fn pay_before(params: &JsonValue, today: Date) -> Option<Date> {
    let unit = Unit::parse(params.get("DATE_PAY_BEFORE_OFFSET_TYPE")?.as_str()?)?;
    unit.after(today, params.get("DATE_PAY_BEFORE_OFFSET_VALUE").map_or(0, number))
}

/// What is said of the members.
pub fn definition(language: Locale) -> Value {
    let described = MEMBERS.iter().map(|Member(name, title, is_number)| {
        let kind = if *is_number { Kind::Integer } else { Kind::String };
        ((*name).into(), describe::plain(&Field::new(name, kind, title), kind.wire_name(), language))
    });
    described.collect::<Map>().into_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_found_by_number_and_by_weekday() {
        let start = date(2026, 1, 15);
        for (params, from, due) in [
            (json!({"PERIOD": "day", "INTERVAL": 30}), date(2026, 1, 16), date(2026, 2, 14)),
            (json!({"PERIOD": "day", "IS_WORKING_ONLY": "Y"}), date(2026, 1, 17), date(2026, 1, 19)),
            (json!({"PERIOD": "week", "WEEKDAY": "Monday"}), date(2026, 1, 15), date(2026, 1, 19)),
            (
                json!({"PERIOD": "month", "TYPE": 1, "NUM_DAY_IN_MONTH": 31}),
                date(2026, 2, 1),
                date(2026, 2, 28),
            ),
            (
                json!({"PERIOD": "month", "TYPE": 1, "NUM_DAY_IN_MONTH": 10}),
                date(2026, 1, 15),
                date(2026, 2, 10),
            ),
            (
                json!({"PERIOD": "month", "TYPE": 2, "INTERVAL": 3, "WEEKDAY": "Monday", "NUM_WEEKDAY_IN_MONTH": 4}),
                date(2026, 2, 1),
                date(2026, 4, 27),
            ),
            (
                json!({"PERIOD": "year", "TYPE": 1, "NUM_DAY_IN_MONTH": 1, "FIELD_YEARLY_INTERVAL_MONTH_NAME": 3}),
                date(2026, 4, 1),
                date(2027, 3, 1),
            ),
            (json!({}), date(2026, 1, 20), date(2026, 1, 20)),
        ] {
            let rhythm = Rhythm::of(&complete(&params, &JsonValue::Null));
            assert_eq!(rhythm.next(start, from, 0), Some(due), "{params} from {from}");
        }
        let endless = Rhythm::of(&json!({"PERIOD": "year", "INTERVAL": 9000}));
        assert_eq!(endless.next(start, date(2026, 2, 1), 0), None);
    }
}
