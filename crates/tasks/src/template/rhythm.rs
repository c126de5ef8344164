//! `REPLICATE_PARAMS`: on which days a template makes tasks.

use engine::call::Call;
use engine::moment;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map as Json, Value as JsonValue, json};
use wire::Value;

/// Days that are looked through for the next one.
const DAYS: usize = 366 * 12;

/// Members with what they are when nobody says.
const MEMBERS: [(&str, &str); 22] = [
    ("PERIOD", "daily"),
    ("WORKDAY_ONLY", "N"),
    ("WEEK_DAYS", ""),
    ("TIME", "05:00"),
    ("REPEAT_TILL", "endless"),
    ("START_DATE", ""),
    ("END_DATE", ""),
    ("TIMES", "0"),
    ("EVERY_DAY", "1"),
    ("DAILY_MONTH_INTERVAL", "0"),
    ("EVERY_WEEK", "1"),
    ("MONTHLY_TYPE", "1"),
    ("MONTHLY_DAY_NUM", "1"),
    ("MONTHLY_MONTH_NUM_1", "1"),
    ("MONTHLY_WEEK_DAY_NUM", "0"),
    ("MONTHLY_WEEK_DAY", "0"),
    ("MONTHLY_MONTH_NUM_2", "1"),
    ("YEARLY_TYPE", "1"),
    ("YEARLY_DAY_NUM", "1"),
    ("YEARLY_MONTH_1", "0"),
    ("YEARLY_WEEK_DAY_NUM", "0"),
    ("YEARLY_WEEK_DAY", "0"),
];
const LATER: [&str; 2] = ["YEARLY_MONTH_2", "DEADLINE_OFFSET"];

/// What is kept of the members of a request, over those of before.
pub fn complete(call: &Call<'_, '_>, given: &Value, old: &JsonValue) -> JsonValue {
    let mut kept = Json::new();
    let later = LATER.map(|name| (name, "0"));
    for (name, usual) in MEMBERS.into_iter().chain(later) {
        let said = given.get(name).filter(|value| **value != Value::Null);
        let value = match (said, name) {
            (Some(days), "WEEK_DAYS") => {
                let days = days.each().filter_map(Value::as_int).filter(|day| (1..=7).contains(day));
                json!(days.collect::<Vec<_>>())
            }
            (Some(date), "START_DATE" | "END_DATE") => {
                let date = date.text().and_then(|text| local(&call.settings.zone, &text));
                json!(date.map(|date| print(&call.settings.zone, date)))
            }
            (Some(value), _) if usual.parse::<i64>().is_ok() => json!(value.as_int().unwrap_or(0)),
            (Some(value), _) => json!(value.text().unwrap_or_default()),
            (None, _) if old.get(name).is_some() => old[name].clone(),
            (None, "WEEK_DAYS") => json!([]),
            (None, "START_DATE") => json!(print(&call.settings.zone, call.now.seconds())),
            (None, "END_DATE") => JsonValue::Null,
            (None, _) => usual.parse::<i64>().map_or_else(|_| json!(usual), |number| json!(number)),
        };
        kept.insert(name.to_owned(), value);
    }
    kept.into()
}

/// A moment as requests spell it here: `31.12.2026 14:00:00`, or `12/31/2026 14:00:00`.
fn local(zone: &TimeZone, text: &str) -> Option<i64> {
    let text = text.trim();
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    if let Some((month, rest)) = day.split_once('/') {
        let (day, year) = rest.split_once('/')?;
        return moment::parse(zone, &format!("{year}-{month:0>2}-{day:0>2} {time}"));
    }
    if let Some((day, rest)) = day.split_once('.') {
        let (month, year) = rest.split_once('.')?;
        return moment::parse(zone, &format!("{year}-{month:0>2}-{day:0>2} {time}"));
    }
    moment::parse(zone, text)
}

/// A moment as answers spell it here: `31.12.2026 14:00:00`.
pub fn print(zone: &TimeZone, seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).map(|at| zone.to_datetime(at)).unwrap_or_default();
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!("{day:02}.{month:02}.{year} {:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// When a template is due next after a moment, of which so many tasks were made; `None` when it is not any more.
pub fn next(zone: &TimeZone, params: &JsonValue, made: i64, after: i64) -> Option<i64> {
    let number = |name: &str| params[name].as_i64().unwrap_or(0);
    if params["REPEAT_TILL"] == "times" && made >= number("TIMES") {
        return None;
    }
    let date = |name: &str| params[name].as_str().and_then(|text| local(zone, text));
    let ends = date("END_DATE").filter(|_| params["REPEAT_TILL"] == "date");
    let start = date("START_DATE").unwrap_or(after);
    let first = day_of(zone, start)?;
    let (hour, minute) = time(params["TIME"].as_str().unwrap_or_default());
    let mut day = day_of(zone, start.max(after))?;
    for _ in 0..DAYS {
        let at = zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0)).compatible().ok()?.as_second();
        if at > after && at >= start && is_day(params, first, day) {
            return (ends.is_none_or(|ends| at <= ends)).then_some(at);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

fn day_of(zone: &TimeZone, seconds: i64) -> Option<Date> {
    Some(zone.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}

fn time(text: &str) -> (i8, i8) {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let number = |text: &str, most: i8| text.trim().parse::<i8>().unwrap_or(0).clamp(0, most);
    (number(hour, 23), number(minute, 59))
}

fn months(from: Date, to: Date) -> i64 {
    (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month())
}

/// Whether it is due on a day.
fn is_day(params: &JsonValue, first: Date, day: Date) -> bool {
    let number = |name: &str| params[name].as_i64().unwrap_or(0);
    let every = |name: &str| number(name).max(1);
    let since = i64::from(first.until(day).map_or(0, |span| span.get_days()));
    match params["PERIOD"].as_str().unwrap_or_default() {
        "weekly" => {
            let monday = |day: Date| i64::from(day.weekday().to_monday_zero_offset());
            let weeks = (since + monday(first) - monday(day)) / 7;
            let days = params["WEEK_DAYS"].as_array().cloned().unwrap_or_default();
            let due = match days.is_empty() {
                true => day.weekday() == first.weekday(),
                false => days.contains(&json!(monday(day) + 1)),
            };
            weeks % every("EVERY_WEEK") == 0 && due
        }
        "monthly" if number("MONTHLY_TYPE") == 2 => {
            months(first, day) % every("MONTHLY_MONTH_NUM_2") == 0
                && is_weekday(day, number("MONTHLY_WEEK_DAY_NUM"), number("MONTHLY_WEEK_DAY"))
        }
        "monthly" => {
            months(first, day) % every("MONTHLY_MONTH_NUM_1") == 0
                && is_number(day, number("MONTHLY_DAY_NUM"))
        }
        "yearly" if number("YEARLY_TYPE") == 2 => {
            i64::from(day.month()) == number("YEARLY_MONTH_2").saturating_add(1)
                && is_weekday(day, number("YEARLY_WEEK_DAY_NUM"), number("YEARLY_WEEK_DAY"))
        }
        "yearly" => {
            i64::from(day.month()) == number("YEARLY_MONTH_1").saturating_add(1)
                && is_number(day, number("YEARLY_DAY_NUM"))
        }
        _ => is_interval(params, first, day, since),
    }
}

/// Every few days, of which days off may not count.
fn is_interval(params: &JsonValue, first: Date, day: Date, since: i64) -> bool {
    let number = |name: &str| params[name].as_i64().unwrap_or(0);
    let skip = number("DAILY_MONTH_INTERVAL").max(0).saturating_add(1);
    if months(first, day) % skip != 0 {
        return false;
    }
    let is_off = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    if params["WORKDAY_ONLY"] != "Y" {
        return since % number("EVERY_DAY").max(1) == 0;
    }
    let weeks = since / 7;
    let rest =
        (0..since % 7).filter(|days| first.checked_add(days.days()).is_ok_and(|day| !is_off(day))).count();
    let worked = weeks * 5 + rest as i64;
    !is_off(day) && worked % number("EVERY_DAY").max(1) == 0
}

/// Whether it is that day of its month, or the last one of a month that is shorter.
fn is_number(day: Date, number: i64) -> bool {
    i64::from(day.day()) == number.clamp(1, i64::from(day.days_in_month()))
}

/// Whether it is the first, second, third, fourth or last such day of the week in its month, counted from 0.
fn is_weekday(day: Date, which: i64, weekday: i64) -> bool {
    let is_last = day.day() + 7 > day.days_in_month();
    let count = i64::from((day.day() - 1) / 7);
    i64::from(day.weekday().to_monday_zero_offset()) == weekday
        && if which >= 4 { is_last } else { count == which }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(params: &JsonValue, count: usize) -> Vec<String> {
        let zone = TimeZone::UTC;
        let (mut after, mut found) = (local(&zone, "2026-03-16 00:00:00").unwrap(), Vec::new());
        while found.len() < count
            && let Some(at) = next(&zone, params, found.len() as i64, after)
        {
            found.push(print(&zone, at));
            after = at;
        }
        found
    }

    #[test]
    fn what_is_due_follows_the_rhythm() {
        let start = "16.03.2026 00:00:00";
        for (params, expected) in [
            (
                json!({"PERIOD": "weekly", "WEEK_DAYS": [2], "EVERY_WEEK": 2, "TIME": "11:00", "START_DATE": start}),
                ["17.03.2026 11:00:00", "31.03.2026 11:00:00"],
            ),
            (
                json!({"PERIOD": "daily", "EVERY_DAY": 3, "TIME": "05:00", "START_DATE": "03/16/2026 00:00:00"}),
                ["16.03.2026 05:00:00", "19.03.2026 05:00:00"],
            ),
            (
                json!({"PERIOD": "daily", "WORKDAY_ONLY": "Y", "EVERY_DAY": 4, "TIME": "05:00", "START_DATE": start}),
                ["16.03.2026 05:00:00", "20.03.2026 05:00:00"],
            ),
            (
                json!({"PERIOD": "monthly", "MONTHLY_TYPE": 1, "MONTHLY_DAY_NUM": 31, "TIME": "09:30", "START_DATE": start}),
                ["31.03.2026 09:30:00", "30.04.2026 09:30:00"],
            ),
            (
                json!({"PERIOD": "monthly", "MONTHLY_TYPE": 2, "MONTHLY_WEEK_DAY_NUM": 4, "MONTHLY_WEEK_DAY": 4,
                    "MONTHLY_MONTH_NUM_2": 2, "TIME": "09:00", "START_DATE": start}),
                ["27.03.2026 09:00:00", "29.05.2026 09:00:00"],
            ),
            (
                json!({"PERIOD": "yearly", "YEARLY_TYPE": 1, "YEARLY_DAY_NUM": 1, "YEARLY_MONTH_1": 0, "TIME": "00:10",
                    "START_DATE": start}),
                ["01.01.2027 00:10:00", "01.01.2028 00:10:00"],
            ),
        ] {
            assert_eq!(days(&params, 2), expected, "{params}");
        }
    }

    #[test]
    fn it_ends_after_so_many_times_or_on_a_day() {
        let times = json!({"PERIOD": "daily", "REPEAT_TILL": "times", "TIMES": 2, "START_DATE": "16.03.2026 00:00:00"});
        assert_eq!(days(&times, 5).len(), 2);
        let ends = json!({"PERIOD": "daily", "TIME": "05:00", "REPEAT_TILL": "date", "END_DATE": "18.03.2026 06:00:00",
            "START_DATE": "16.03.2026 00:00:00"});
        assert_eq!(days(&ends, 9).len(), 3);
    }
}
