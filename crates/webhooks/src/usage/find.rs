//! Reading counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use store::{Param, Row, Tx};

use super::keep::SPANS;
use super::{ALL, ANY_NAME, Kind, hour};
use engine::error::Result;
use engine::moment::Moment;

/// Hours of a day.
const HOURS: i64 = 24;

/// The counts of an hour or a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Calls that passed admission.
    pub calls: i64,
    /// Those of them that failed.
    pub errors: i64,
    /// Deliveries that arrived.
    pub delivered: i64,
    /// Deliveries that were given up.
    pub failed: i64,
}

impl Sums {
    /// Adds others to these.
    pub fn add(&mut self, others: Sums) {
        self.calls += others.calls;
        self.errors += others.errors;
        self.delivered += others.delivered;
        self.failed += others.failed;
    }

    fn count(&mut self, kind: Kind, count: i64) {
        match kind {
            Kind::Call => self.calls += count,
            Kind::CallFailed => self.errors += count,
            Kind::Delivered => self.delivered += count,
            Kind::GivenUp => self.failed += count,
        }
    }
}

/// Counts by the hour since 1970, UTC; hours without any are left out.
pub type Hours = BTreeMap<i64, Sums>;

/// The parameters of statistics.
#[derive(Clone, Debug)]
pub struct Search {
    /// Of integrations of this user; of everybody otherwise.
    pub owner: Option<i64>,
    /// Of this integration.
    pub integration_id: Option<i64>,
    /// In these hours since 1970, UTC.
    pub hours: Range<i64>,
}

impl Search {
    fn scope(&self) -> Scope {
        match (self.integration_id, self.owner) {
            (Some(id), None) => Scope::Of(vec![id]),
            (Some(id), Some(owner)) => Scope::OneOwned(id, owner),
            (None, None) => Scope::Of(vec![ALL]),
            (None, Some(owner)) => Scope::Owned(owner),
        }
    }
}

/// The counts of an integration, or of several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The integration; `None` for all that have no series of their own.
    pub integration_id: Option<i64>,
    /// Its name, unless it was deleted.
    pub title: Option<String>,
    /// Its counts.
    pub hours: Hours,
}

/// How often a method was called, or an event delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The method or the event.
    pub name: String,
    /// Whether it is an event.
    pub delivery: bool,
    /// Calls, or deliveries that ended.
    pub count: i64,
    /// Those of them that failed.
    pub failed: i64,
}

/// What came to pass in the last 24 hours, the one that runs among them, for each of these integrations.
pub fn last_day(tx: &mut Tx<'_>, integrations: &[i64], now: Moment) -> Result<HashMap<i64, Sums>> {
    let now = hour(now);
    let hours = read(tx, &Scope::Of(integrations.to_vec()), &(now - HOURS + 1..now + 1))?;
    let mut found: HashMap<i64, Sums> = HashMap::new();
    for (id, _, kind, count) in hours {
        found.entry(id).or_default().count(kind, count);
    }
    Ok(found)
}

/// The busiest integrations, at most `most`, by their calls or by their deliveries; and what all others came to
/// together, if that is anything, last. Of everybody's over more than a few days, whole weeks decide who is busiest, and
/// over more than some weeks, four weeks at a time.
pub fn series(tx: &mut Tx<'_>, asked: &Search, by: Kind, most: usize) -> Result<Vec<Series>> {
    let everybody = asked.owner.is_none() && asked.integration_id.is_none();
    let (counts, busiest) = if everybody {
        let busiest = ranked(tx, &asked.hours, by, most)?;
        let scope = Scope::Of(busiest.iter().copied().chain([ALL]).collect());
        (read(tx, &scope, &asked.hours)?, busiest)
    } else {
        let counts = read(tx, &asked.scope(), &asked.hours)?;
        let busiest = busiest(&counts, by, most);
        (counts, busiest)
    };
    let mut own: HashMap<i64, Hours> = busiest.iter().map(|id| (*id, Hours::new())).collect();
    let mut others = Hours::new();
    for (id, hour, kind, count) in counts {
        if let Some(hours) = own.get_mut(&id) {
            hours.entry(hour).or_default().count(kind, count);
            if everybody {
                others.entry(hour).or_default().count(kind, -count);
            }
        } else {
            others.entry(hour).or_default().count(kind, count);
        }
    }
    others.retain(|_, sums| *sums != Sums::default());
    let mut titles = titles(tx, &busiest)?;
    let mut found = Vec::with_capacity(busiest.len() + 1);
    for id in busiest {
        let hours = own.remove(&id).unwrap_or_default();
        found.push(Series { integration_id: Some(id), title: titles.remove(&id), hours });
    }
    found.retain(|series| !series.hours.is_empty());
    if !others.is_empty() {
        found.push(Series { integration_id: None, title: None, hours: others });
    }
    Ok(found)
}

/// The names of integrations, but for deleted ones.
pub fn titles(tx: &mut Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let sql = "SELECT id, title FROM integration WHERE id IN (#)";
    let titles = tx.all_among(sql, &[], ids, |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?;
    Ok(titles.into_iter().collect())
}

/// The busiest of all.
fn ranked(tx: &mut Tx<'_>, hours: &Range<i64>, by: Kind, most: usize) -> Result<Vec<i64>> {
    let (first, last) = days(hours);
    let [day, week, month] = SPANS;
    let span = match last - first {
        ..3 => day,
        3..28 => week,
        _ => month,
    };
    let sql = "SELECT r.integration_id FROM usage_rank r WHERE r.span = ? AND r.start >= ? AND r.start <= ? \
               AND r.kind = ? GROUP BY r.integration_id ORDER BY SUM(r.total) DESC, r.integration_id LIMIT ?";
    let kind = by.rank().unwrap_or(Kind::Call);
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let params =
        [span.into(), (first - first.rem_euclid(span)).into(), last.into(), kind.code().into(), most.into()];
    Ok(tx.all(sql, &params, |row| row.int(0))?)
}

/// The busiest of those counted.
fn busiest(counts: &[Count], by: Kind, most: usize) -> Vec<i64> {
    let mut totals: BTreeMap<i64, i64> = BTreeMap::new();
    for (id, _, kind, count) in counts {
        *totals.entry(*id).or_default() += if kind.rank() == by.rank() { *count } else { 0 };
    }
    let mut totals: Vec<(i64, i64)> = totals.into_iter().collect();
    totals.sort_by_key(|(_, total)| Reverse(*total));
    totals.into_iter().take(most).map(|(id, _)| id).collect()
}

/// How often which method was called and which event delivered, the most frequent first.
pub fn names(tx: &mut Tx<'_>, asked: &Search) -> Result<Vec<Named>> {
    let scope = asked.scope();
    let mut counts: HashMap<(String, bool), (i64, i64)> = HashMap::new();
    let mut add = |name: &str, kind: Option<Kind>, count: i64| {
        let Some(kind) = kind.filter(|_| count > 0) else { return };
        let key = (name.to_owned(), matches!(kind, Kind::Delivered | Kind::GivenUp));
        let (all, failed) = counts.entry(key).or_default();
        *all += if kind == Kind::CallFailed { 0 } else { count };
        *failed += if matches!(kind, Kind::CallFailed | Kind::GivenUp) { count } else { 0 };
    };
    let (first, last) = days(&asked.hours);
    let (condition, mut params) = scope.condition();
    let sql = format!(
        "SELECT u.name, u.kind, CAST(SUM(u.total) AS BIGINT) FROM usage u WHERE {condition} AND u.day > ? AND u.day < ? \
         AND u.name <> '{ANY_NAME}' GROUP BY u.name, u.kind"
    );
    params.extend([first.into(), last.into()]);
    tx.query(&sql, &params, |row| {
        add(row.text(0)?, Kind::of(row.int(1)?), row.int(2)?);
        Ok(())
    })?;
    // Of the first day and the last, perhaps not every hour is meant. The cast is for PostgreSQL, which sums long numbers
    // slowly and as numerics; no hour has more than fits.
    let (condition, mut params) = scope.condition();
    let sql = format!(
        "SELECT u.day, {}, u.name, u.kind FROM usage u WHERE {condition} AND u.day IN (?, ?) AND u.name <> '{ANY_NAME}' \
         GROUP BY u.name, u.kind, u.day",
        each_of_hours(|hour| format!("SUM(CAST(u.h{hour} AS INT))"))
    );
    params.extend([first.into(), last.into()]);
    tx.query(&sql, &params, |row| {
        let mut count = 0;
        each_hour(row, &asked.hours, |_, in_hour| count += in_hour)?;
        add(row.text(25)?, Kind::of(row.int(26)?), count);
        Ok(())
    })?;
    let named = |((name, delivery), (count, failed))| Named { name, delivery, count, failed };
    let mut found: Vec<Named> = counts.into_iter().map(named).collect();
    found.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    Ok(found)
}

/// Integration, hour, kind, count.
type Count = (i64, i64, Kind, i64);

/// Whose counts are read.
enum Scope {
    /// Of these integrations; [`ALL`] is one of them.
    Of(Vec<i64>),
    /// Of a user's integrations.
    Owned(i64),
    /// Of an integration, if it is that user's.
    OneOwned(i64, i64),
}

impl Scope {
    /// The condition on `usage u`, with its parameters.
    fn condition(&self) -> (String, Vec<Param<'static>>) {
        match self {
            Scope::Of(ids) if ids.is_empty() => ("1 = 0".to_owned(), Vec::new()),
            Scope::Of(ids) => {
                let placeholders = store::placeholders(ids.len());
                (
                    format!("u.integration_id IN ({placeholders})"),
                    ids.iter().map(|id| Param::from(*id)).collect(),
                )
            }
            Scope::Owned(owner) => (
                "u.integration_id IN (SELECT id FROM integration WHERE user_id = ?)".to_owned(),
                vec![(*owner).into()],
            ),
            Scope::OneOwned(id, owner) => (
                "u.integration_id IN (SELECT id FROM integration WHERE id = ? AND user_id = ?)".to_owned(),
                vec![(*id).into(), (*owner).into()],
            ),
        }
    }
}

/// All counts above zero, by integration, hour and kind.
fn read(tx: &mut Tx<'_>, scope: &Scope, hours: &Range<i64>) -> Result<Vec<Count>> {
    let (condition, mut params) = scope.condition();
    let (first, last) = days(hours);
    let sql = format!(
        "SELECT u.day, {}, u.integration_id, u.kind FROM usage u \
         WHERE {condition} AND u.day >= ? AND u.day <= ? AND u.name = '{ANY_NAME}'",
        each_of_hours(|hour| format!("u.h{hour}"))
    );
    params.extend([first.into(), last.into()]);
    let mut found = Vec::new();
    tx.query(&sql, &params, |row| {
        let (id, kind) = (row.int(25)?, Kind::of(row.int(26)?));
        each_hour(row, hours, |hour, count| {
            found.extend(kind.filter(|_| count > 0).map(|kind| (id, hour, kind, count)));
        })
    })?;
    Ok(found)
}

/// Something of each hour, one column after the other.
fn each_of_hours(column: impl Fn(i64) -> String) -> String {
    (0..HOURS).map(column).collect::<Vec<String>>().join(", ")
}

/// The hours of a row that begins with a day and the sum of each of its hours.
fn each_hour(
    row: &Row<'_>,
    hours: &Range<i64>,
    mut each: impl FnMut(i64, i64),
) -> std::result::Result<(), store::Error> {
    let midnight = row.int(0)? * HOURS;
    for (hour, column) in (midnight..midnight + HOURS).zip(1..) {
        if hours.contains(&hour) {
            each(hour, row.int(column)?);
        }
    }
    Ok(())
}

/// The first and the last day of some hours.
fn days(hours: &Range<i64>) -> (i64, i64) {
    (hours.start.div_euclid(HOURS), (hours.end - 1).div_euclid(HOURS))
}
