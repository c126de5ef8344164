//! Statistics: calls and deliveries by hour or day, by integration and by method (protocol 11.8).

use std::collections::BTreeMap;
use std::ops::Range;

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use portal::moment;
use portal::usage::{self, KEPT, Kind, Named, Search, Series, Sums};
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Caller, Query};
use super::ok;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// Days and hours that are meant unless others are asked for: as many as in Bitrix24, and a day.
const DAYS: i64 = 14;
const HOURS: i64 = 24;
/// The longest time by hours, in days.
const MAX_BY_HOUR: i64 = 7;
/// Integrations that have rows of their own, unless another number is asked for, and at most.
const TOP: i64 = 20;
const MAX_TOP: i64 = 50;

/// The subject of a row.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Day,
    Hour,
}

/// `{"rows": [{"at", "integration": {"id", "title"}, "calls", "errors", "deliveries", "failed"}, ..]}`: a row for each day
/// (of the portal's clocks) or hour and each of the busiest integrations; `integration` is `null` for all others
/// together. Rows with nothing are left out. Of a deleted integration the title is `null`.
pub async fn show(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let by = match query.text("by").as_deref() {
        None | Some("day") => By::Day,
        Some("hour") => By::Hour,
        Some(_) => return Err(Fault::argument("by must be day or hour.", "by").into()),
    };
    let kind = match query.text("kind").as_deref() {
        None | Some("calls") => Kind::Call,
        Some("deliveries") => Kind::Delivered,
        Some(_) => return Err(Fault::argument("kind must be calls or deliveries.", "kind").into()),
    };
    let top = query.number("top")?.unwrap_or(TOP);
    if !(0..=MAX_TOP).contains(&top) {
        return Err(Fault::argument(format!("top must be from 0 to {MAX_TOP}."), "top").into());
    }
    let asked = asked(&console, &who, &query, by)?;
    let job = move |tx: &mut Tx<'_>| usage::series(tx, &asked, kind, top as usize);
    let series: Vec<Series> = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    let rows: Vec<Value> = series.iter().flat_map(|series| rows(series, by, zone)).collect();
    Ok(ok(&json!({"rows": rows})))
}

/// `{"rows": [{"name", "kind": "call" | "delivery", "calls", "errors"}, ..]}`, the most frequent first.
pub async fn methods(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let asked = asked(&console, &who, &query, By::Day)?;
    let job = move |tx: &mut Tx<'_>| usage::names(tx, &asked);
    let named: Vec<Named> = console.portal.core().store.read(job).await?;
    let row = |one: &Named| {
        let kind = if one.delivery { "delivery" } else { "call" };
        json!({"name": one.name, "kind": kind, "calls": one.count, "errors": one.failed})
    };
    Ok(ok(&json!({"rows": named.iter().map(row).collect::<Value>()})))
}

fn asked(console: &Console, who: &Caller, query: &Query, by: By) -> Result<Search, Fault> {
    let zone = &console.portal.core().zone();
    let now = usage::hour(clock::now(console.portal.core()));
    let end =
        query.moment("to", &console.portal)?.map_or(now + 1, |at| usage::hour(portal::Moment(at.0 - 1)) + 1);
    let start = match (query.moment("from", &console.portal)?, by) {
        (Some(at), _) => usage::hour(at),
        (None, By::Hour) => end - HOURS,
        (None, By::Day) => day_of(end - 1 - (DAYS - 1) * HOURS, zone),
    };
    let hours = within(start..end, by, now)?;
    Ok(Search { owner: who.sees(), integration_id: query.number("integration")?, hours })
}

/// No longer than what is kept, and by hours not as long.
fn within(hours: Range<i64>, by: By, now: i64) -> Result<Range<i64>, Fault> {
    let hours = hours.start.max(now - (KEPT + 1) * HOURS)..hours.end.min(now + 1);
    if hours.is_empty() {
        return Err(Fault::argument(format!("from must be before to and at most {KEPT} days ago."), "from"));
    }
    if by == By::Hour && hours.end - hours.start > MAX_BY_HOUR * HOURS {
        return Err(Fault::argument(
            format!("The period by hours can be at most {MAX_BY_HOUR} days."),
            "from",
        ));
    }
    Ok(hours)
}

/// The rows of a series, oldest first.
fn rows<'a>(series: &'a Series, by: By, zone: &'a TimeZone) -> impl Iterator<Item = Value> + 'a {
    let mut sums: BTreeMap<i64, Sums> = BTreeMap::new();
    for (hour, add) in &series.hours {
        let at = if by == By::Day { day_of(*hour, zone) } else { *hour };
        sums.entry(at).or_default().add(*add);
    }
    let integration = series.integration_id.map(|id| json!({"id": id, "title": series.title}));
    sums.into_iter().map(move |(hour, sums)| {
        json!({
            "at": moment::print(zone, hour * 3600).into_string(),
            "integration": integration,
            "calls": sums.calls,
            "errors": sums.errors,
            "deliveries": sums.delivered + sums.failed,
            "failed": sums.failed,
        })
    })
}

/// The hour with which the day of an hour begins, on the clocks of `zone`. Where a day does not begin with an hour of
/// ours, an hour belongs to the day in which it begins.
fn day_of(hour: i64, zone: &TimeZone) -> i64 {
    let Ok(at) = Timestamp::from_second(hour * 3600) else { return hour };
    let midnight = zone.to_datetime(at).date().to_datetime(Time::midnight());
    let midnight = zone.to_ambiguous_timestamp(midnight).compatible();
    midnight.map_or(hour, |midnight| (midnight.as_second() + 3599).div_euclid(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_on_the_portals_clocks() {
        let zone = |name| TimeZone::get(name).unwrap();
        // 2026-06-01T22:00:00Z is Tuesday in Moscow and in Kolkata, and Monday in London.
        let hour = 1_780_351_200 / 3600;
        assert_eq!(day_of(hour, &TimeZone::UTC), hour - 22);
        assert_eq!(day_of(hour, &zone("Europe/London")), hour - 23);
        assert_eq!(day_of(hour, &zone("Europe/Moscow")), hour - 1);
        // Kolkata's day began at 18:30Z: with the hour from 19:00Z on.
        assert_eq!(day_of(hour, &zone("Asia/Kolkata")), hour - 3);
    }

    #[test]
    fn a_time_is_as_long_as_counts_are_kept() {
        let now = 100_000;
        assert_eq!(within(0..now + 1, By::Day, now).unwrap(), now - 61 * 24..now + 1);
        assert_eq!(within(now - 5..now + 90, By::Hour, now).unwrap(), now - 5..now + 1);
        assert!(within(now - 200..now, By::Hour, now).is_err());
        assert!(within(now..now, By::Day, now).is_err());
        assert!(within(0..10, By::Day, now).is_err());
    }
}
