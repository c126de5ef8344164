//! The strip above the list: how many deliveries the list would hold, by the time at which they were raised.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use portal::Moment;
use portal::outbound::log::{self, Filter, Tallied, Tally};
use serde_json::{Value, json};
use store::Tx;

use super::super::ask::{Caller, Query};
use super::super::ok;
use super::super::refusal::Refusal;
use crate::api::deliveries::Wanted;
use crate::console::Console;
use crate::{clock, when};

/// How long one request goes on to count.
const TIME: Duration = Duration::from_millis(700);
/// Seconds that a bar may stand for.
const WIDTHS: [i64; 10] = [60, 300, 900, 3600, 6 * 3600, DAY, 7 * DAY, 28 * DAY, 364 * DAY, 10 * 364 * DAY];
const DAY: i64 = 24 * 3600;
/// A strip has no more bars than this.
const MAX_BARS: i64 = 31;
/// Bars begin where so many seconds after 1970 in the portal's time zone are a multiple of their width: weeks on Monday.
const MONDAY: i64 = 4 * DAY;
const SECOND: i64 = 1_000_000;

/// `{"bars": [{"from", "to", "delivered", "failed", "cancelled", "open", "complete"}, ..], "counted_from"}`: what
/// [`list`](super::list) finds for the same query, raised from `from` on and before `to`; without `since`, in the last 24 hours.
/// Counting may take too long: bars before `counted_from` are not complete then.
pub async fn strip(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let mut filter = Wanted::of(&query)?.filter(who.sees(), &console.portal)?;
    filter.before = None;
    let (zone, now) = (console.portal.core().zone(), clock::now(console.portal.core()));
    let read: portal::Result<_> = console.portal.core().store.read(log::oldest).await;
    let borders = borders(span(&filter, read?, now), filter.until.is_none(), &zone);
    filter.since = filter.since.max(borders.first().copied());
    let width = borders.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap_or_default();
    // Time zones differ by quarters of an hour.
    let unit = if width >= 3600 * SECOND { 900 * SECOND } else { 60 * SECOND };
    let (units, counted_from) = count(&console, filter, unit).await?;
    let bars: Value = borders
        .windows(2)
        .map(|pair| {
            let sum = sum(&units, pair[0], pair[1], unit);
            json!({
                "from": when::exact(&zone, pair[0]),
                "to": when::exact(&zone, pair[1]),
                "delivered": sum.delivered,
                "failed": sum.failed,
                "cancelled": sum.cancelled,
                "open": sum.open,
                "complete": counted_from.is_none_or(|from| pair[0] >= from),
            })
        })
        .collect();
    Ok(ok(&json!({"bars": bars, "counted_from": counted_from.map(|at| when::exact(&zone, at))})))
}

/// Counts until all is counted or the time is over; then it says from when on.
async fn count(
    console: &Console,
    mut filter: Filter,
    unit: i64,
) -> Result<(BTreeMap<Moment, Tally>, Option<Moment>), Refusal> {
    let (begun, mut units) = (Instant::now(), BTreeMap::<Moment, Tally>::new());
    loop {
        let asked = filter.clone();
        let job = move |tx: &mut Tx<'_>| {
            let step = log::tally(tx, &asked, unit)?;
            let reached = step.before.map(|before| log::raised(tx, before)).transpose()?.flatten();
            portal::Result::Ok((step, reached))
        };
        let (Tallied { units: found, before }, reached) = console.portal.core().store.read(job).await?;
        for (begins, tally) in found {
            units.entry(begins).or_default().extend(tally);
        }
        if before.is_none() || begun.elapsed() >= TIME {
            return Ok((units, reached));
        }
        filter.before = before;
    }
}

/// What was raised between two borders. The first bar may begin within a unit.
fn sum(units: &BTreeMap<Moment, Tally>, from: Moment, to: Moment, unit: i64) -> Tally {
    let mut sum = Tally::default();
    let first = Moment(from.0 - from.0.rem_euclid(unit));
    units.range(first..to).for_each(|(_, tally)| sum.extend(*tally));
    sum
}

/// From when to when the strip reaches: what is asked for, as far as there is a log, or the last 24 whole hours.
fn span(filter: &Filter, oldest: Option<Moment>, now: Moment) -> (Moment, Moment) {
    let end = filter.until.unwrap_or(now);
    let hours = Moment((end.0.div_euclid(3600 * SECOND) - 23) * 3600 * SECOND);
    let Some(since) = filter.since else { return (hours, end) };
    // Whole seconds, as the list reads them.
    let oldest = oldest.map_or(since, |oldest| Moment(oldest.0 - oldest.0.rem_euclid(SECOND)));
    (since.max(oldest), end)
}

/// Where the bars of a strip begin and end: at full minutes, hours, days in that zone, but for the two ends that were given. What
/// has no end goes on to the end of the bar that runs. Without a bar, when it ends before it begins.
fn borders((since, until): (Moment, Moment), goes_on: bool, zone: &TimeZone) -> Vec<Moment> {
    let length = (until.0 - since.0).max(0) / SECOND;
    let fits = |width: &i64| length / width < MAX_BARS;
    let width = WIDTHS.into_iter().find(fits).unwrap_or(WIDTHS[WIDTHS.len() - 1]);
    let (mut borders, mut at) = (vec![since], since.seconds());
    if since >= until {
        return borders;
    }
    loop {
        at = next(zone, at, width);
        let border = Moment(at.saturating_mul(SECOND));
        if border >= until {
            borders.push(if goes_on { border } else { until });
            return borders;
        }
        borders.push(border);
    }
}

/// The next border after a second.
fn next(zone: &TimeZone, at: i64, width: i64) -> i64 {
    let offset = offset(zone, at);
    let local = ((at + offset - MONDAY).div_euclid(width) + 1) * width + MONDAY;
    // The clocks may change before it comes.
    let there = local - self::offset(zone, local - offset);
    if there > at { there } else { local - offset }
}

fn offset(zone: &TimeZone, at: i64) -> i64 {
    let there = Timestamp::from_second(at).unwrap_or_default();
    zone.to_offset(there).seconds().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn bars(since: &str, until: &str, zone: &str) -> (usize, Vec<String>) {
        let zone = TimeZone::get(zone).unwrap();
        let borders = borders((at(since), at(until)), false, &zone);
        let texts = borders.iter().map(|border| when::exact(&zone, *border)).collect();
        (borders.len() - 1, texts)
    }

    #[test]
    fn bars_are_hours_days_and_weeks_where_people_are() {
        let (count, texts) = bars("2026-11-28T10:00:00Z", "2026-11-29T09:10:00Z", "Asia/Kolkata");
        assert_eq!((count, &*texts[1]), (24, "2026-11-28T16:00:00.000+05:30"), "{texts:?}");
        let (count, texts) = bars("2026-10-20T00:00:00Z", "2026-10-29T00:00:00Z", "Europe/Berlin");
        assert_eq!(count, 10, "{texts:?}");
        assert!(texts[1..10].iter().all(|text| text.contains("T00:00:00")), "{texts:?}");
        let (_, texts) = bars("2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z", "UTC");
        assert_eq!(texts[1], "2026-03-02T00:00:00.000+00:00", "a Monday");
        let (count, texts) = bars("2026-11-28T10:00:00Z", "2026-11-28T11:00:00Z", "UTC");
        assert_eq!((count, &*texts[1]), (12, "2026-11-28T10:05:00.000+00:00"));
    }

    #[test]
    fn no_span_has_too_many_bars() {
        for (since, until, least) in [
            ("1971-01-01T00:00:00Z", "2300-01-01T00:00:00Z", 10),
            ("2026-11-28T10:00:00Z", "2026-11-28T10:00:01Z", 1),
            ("2026-11-28T10:00:00Z", "2026-11-28T10:00:00Z", 0),
            ("2999-01-01T00:00:00Z", "2026-11-28T10:00:00Z", 0),
        ] {
            let (count, texts) = bars(since, until, "Europe/Berlin");
            assert!((least..=40).contains(&count) && (least > 0 || count == 0), "{texts:?}");
        }
    }
}
