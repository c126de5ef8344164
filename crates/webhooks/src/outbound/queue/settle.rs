//! Outcomes of deliveries.

use std::collections::{BTreeMap, BTreeSet};

use store::{Dialect, Param, Row, Tx};

use super::Lane;
use super::failing::Failing;
use super::line::{LEFT, Line, advance};
use crate::outbound::alert;
use crate::outbound::policy::Verdict;
use engine::Core;
use engine::error::Result;
use engine::meta::Meta;
use engine::moment::Moment;

/// One try, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub started: Moment,
    /// Microseconds that it took.
    pub took: i64,
    /// The handler's answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none, or why it was none of the good ones.
    pub error: Option<String>,
    /// How the answer's body begins, without secrets.
    pub answer: String,
    /// The answer's headers, `name: value` in each line, without secrets.
    pub headers: String,
}

impl Attempt {
    /// One of that moment without an answer.
    pub fn at(started: Moment) -> Self {
        Attempt { started, took: 0, status: None, error: None, answer: String::new(), headers: String::new() }
    }
}

/// A delivery that was tried.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Its number.
    pub id: i64,
    /// The webhook.
    pub outbound_id: i64,
    /// The lease under which it was sent.
    pub lease: i64,
    /// Whether it was the first try.
    pub is_first: bool,
    /// Whether it was a test event, which says nothing about the webhook when it fails.
    pub is_test: bool,
    /// What happened.
    pub attempt: Attempt,
    /// The verdict that follows from it.
    pub verdict: Verdict,
}

/// What else follows from outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Webhooks that were disabled: their handler is gone, or has failed for too long.
    pub disabled: Vec<i64>,
    /// Webhooks for which something waits now that was behind what ended.
    pub moved_up: BTreeSet<i64>,
}

/// Writes what became of deliveries, and moves up what was behind those that ended. One whose lease ran out meanwhile is
/// left to its new holder.
pub fn settle(tx: &mut Tx<'_>, core: &Core, settled: &[Settled], now: Moment) -> Result<Written> {
    let mut ended = Ended::default();
    match tx.dialect() {
        Dialect::Sqlite => settled.iter().try_for_each(|one| write(tx, one, &mut ended, now))?,
        Dialect::Postgres => write_all(tx, settled, &mut ended, now)?,
    }
    let moved_up = advance(tx, &ended.lines, now)?;
    for (id, count) in ended.given_up {
        let sql = "UPDATE outbound SET given_up = given_up + ? WHERE id = ?";
        tx.execute(sql, &[count.into(), id.into()])?;
    }
    alert::note(tx, settled, now)?;
    let mut disabled = Vec::new();
    for (id, reason) in judge(tx, core, &Tried::by_webhook(settled), now)? {
        let sql = "UPDATE outbound SET active = 'N', disabled_because = ?, dropped = 0 WHERE id = ? AND active = 'Y'";
        if tx.execute(sql, &[reason.as_str().into(), id.into()])? > 0 {
            disabled.push(id);
        }
    }
    if !disabled.is_empty() {
        Meta::outdate(tx)?;
    }
    Ok(Written { disabled, moved_up })
}

/// The state of what was given up.
const GIVEN_UP: i64 = 3;

/// What has ended.
#[derive(Default)]
struct Ended {
    /// The lines in which it stood.
    lines: BTreeSet<Line>,
    /// How many were given up, by webhook.
    given_up: BTreeMap<i64, i64>,
}

impl Ended {
    /// Takes note of the outbound webhook, the object, and what `ordered` and the state have become.
    fn note(&mut self, row: &Row<'_>) -> std::result::Result<(), store::Error> {
        let outbound_id = row.int(0)?;
        if row.int(2)? == LEFT {
            self.lines.insert((outbound_id, row.text(1)?.to_owned()));
        }
        if row.int(3)? == GIVEN_UP {
            *self.given_up.entry(outbound_id).or_default() += 1;
        }
        Ok(())
    }
}

/// Ends a lease, if it still holds, and notes the try under the next number of its delivery.
fn write(tx: &mut Tx<'_>, one: &Settled, ended: &mut Ended, now: Moment) -> Result<()> {
    const END: &str = "UPDATE delivery SET state = ?, lane = COALESCE(?, lane), due = ?, attempts = attempts + ?, \
                       ordered = ordered + (CASE WHEN ordered = 1 THEN ? ELSE 0 END) \
                       WHERE id = ? AND state = 1 AND lease = ? RETURNING outbound_id, object, ordered, state";
    const NOTE: &str = "INSERT INTO delivery_attempt (delivery_id, started, took, status, error, answer, headers, number) \
                        VALUES (?, ?, ?, ?, ?, ?, ?, \
                        (SELECT COALESCE(MAX(number), 0) + 1 FROM delivery_attempt WHERE delivery_id = ?))";
    let [id, lease, state, lane, due, counts, leaves, started, took, status, error, answer, headers] =
        one.row(now);
    let mut held = false;
    tx.query(END, &[state, lane, due, counts, leaves, id.clone(), lease], |row| {
        held = true;
        ended.note(row)
    })?;
    if !held {
        return Ok(());
    }
    tx.execute(NOTE, &[id.clone(), started, took, status, error, answer, headers, id])?;
    Ok(())
}

/// The same for all of them in one statement, for PostgreSQL.
fn write_all(tx: &mut Tx<'_>, settled: &[Settled], ended: &mut Ended, now: Moment) -> Result<()> {
    // `+ 0`: it looks for the rows by their numbers then, and not through all that are leased.
    const WRITE: &str = "WITH ended AS (UPDATE delivery d \
        SET state = s.state, lane = COALESCE(s.lane, d.lane), due = s.due, attempts = d.attempts + s.counts, \
        ordered = d.ordered + (CASE WHEN d.ordered = 1 THEN s.leaves ELSE 0 END) \
        FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
        CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
        CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[])) \
        s (id, lease, state, lane, due, counts, leaves, started, took, status, error, answer, headers) \
        WHERE d.id = s.id AND d.state + 0 = 1 AND d.lease = s.lease \
        RETURNING s.id, s.started, s.took, s.status, s.error, s.answer, s.headers, d.outbound_id, d.object, d.ordered, d.state), \
        noted AS (INSERT INTO delivery_attempt (delivery_id, number, started, took, status, error, answer, headers) \
        SELECT e.id, (SELECT COALESCE(MAX(a.number), 0) + 1 FROM delivery_attempt a WHERE a.delivery_id = e.id), \
        e.started, e.took, e.status, e.error, e.answer, e.headers FROM ended e) \
        SELECT outbound_id, object, ordered, state FROM ended WHERE ordered = 2 OR state = 3";
    for portion in tx.dialect().portions(settled) {
        tx.query(WRITE, &store::columns(portion.iter().map(|one| one.row(now))), |row| ended.note(row))?;
    }
    Ok(())
}

impl Settled {
    /// What is written of it: its number and lease; what it becomes; its try, for the log.
    fn row(&self, now: Moment) -> [Param<'_>; 13] {
        let (state, lane, due) = match self.verdict {
            Verdict::Delivered => (2, None, now),
            Verdict::Retry { at } => (0, Some(Lane::Retry.code()), at),
            Verdict::Later { at } => (0, None, at),
            Verdict::Dead | Verdict::Gone => (GIVEN_UP, None, now),
        };
        let Attempt { started, took, status, error, answer, headers } = &self.attempt;
        [
            self.id.into(),
            self.lease.into(),
            Param::from(state),
            lane.into(),
            due.0.into(),
            i64::from(!matches!(self.verdict, Verdict::Later { .. })).into(),
            i64::from(state >= 2).into(),
            started.0.into(),
            (*took).into(),
            status.map(i64::from).into(),
            error.as_deref().into(),
            answer.as_str().into(),
            headers.as_str().into(),
        ]
    }
}

/// The record of a webhook's handler.
#[derive(Clone, Copy, Default)]
struct Tried {
    /// It took one.
    took: bool,
    /// It said that it is gone.
    gone: bool,
    /// It failed one that had failed before.
    failed_again: bool,
}

impl Tried {
    /// By webhook. What says nothing about a handler is left out: a test event that failed, and 429, which only one says
    /// that is well.
    fn by_webhook(settled: &[Settled]) -> BTreeMap<i64, Tried> {
        let mut tried: BTreeMap<i64, Tried> = BTreeMap::new();
        for one in settled {
            let took = one.verdict == Verdict::Delivered;
            if !took && (one.is_test || one.attempt.status == Some(429)) {
                continue;
            }
            let its = tried.entry(one.outbound_id).or_default();
            its.took |= took;
            its.gone |= one.verdict == Verdict::Gone;
            its.failed_again |= !took && !one.is_first;
        }
        tried
    }
}

const GONE: &str = "The handler answered 410 Gone and receives no more events.";

/// Keeps since when handlers do nothing but fail; gives those that are gone or have failed for too long, and why they
/// are to be disabled.
fn judge(
    tx: &mut Tx<'_>,
    core: &Core,
    tried: &BTreeMap<i64, Tried>,
    now: Moment,
) -> Result<Vec<(i64, String)>> {
    let (now, limit) = (now.seconds(), core.settings().disable_after);
    let mut ended = Vec::new();
    for Before { id, failing, is_told } in failing(tx, tried)? {
        let its = tried[&id];
        if its.took && !its.gone {
            if failing.is_some() || is_told {
                well(tx, id, is_told, now)?;
            }
            continue;
        }
        let next = Failing::next(failing, limit, now);
        if Some(next) != failing {
            note(tx, id, next)?;
        }
        if its.gone {
            ended.push((id, GONE.to_owned()));
        // A first try never switches off: nobody knows yet whether the second one would do.
        } else if its.failed_again && next.is_enough(limit, now) {
            ended.push((id, format!("Every request to the handler failed for {} hours.", limit / 3600)));
        }
    }
    Ok(ended)
}

/// What was known of a webhook before.
struct Before {
    id: i64,
    failing: Option<Failing>,
    /// Whether somebody was told that it fails, and not yet that it is well.
    is_told: bool,
}

fn failing(tx: &mut Tx<'_>, tried: &BTreeMap<i64, Tried>) -> Result<Vec<Before>> {
    const ONE: &str = "SELECT id, failing_since, failing_times, failing_last, alert_since, alert_well FROM outbound WHERE id = ?";
    const ALL: &str = "SELECT id, failing_since, failing_times, failing_last, alert_since, alert_well FROM outbound \
                       WHERE id = ANY(CAST(? AS BIGINT[]))";
    let ids: Vec<Param<'_>> = tried.keys().map(|id| (*id).into()).collect();
    let (sql, questions) = match tx.dialect() {
        Dialect::Sqlite => (ONE, ids),
        Dialect::Postgres => (ALL, vec![Param::List(ids)]),
    };
    let mut found = Vec::with_capacity(tried.len());
    for question in questions {
        tx.query(sql, &[question], |row| {
            let (times, last) = (row.int(2)?, row.opt_int(3)?);
            // What began before times were counted has no last one.
            let its = |since| Failing { since, times, last: last.unwrap_or(since) };
            found.push(Before {
                id: row.int(0)?,
                failing: row.opt_int(1)?.map(its),
                is_told: row.opt_int(4)?.is_some() && row.opt_int(5)?.is_none(),
            });
            Ok(())
        })?;
    }
    Ok(found)
}

fn note(tx: &mut Tx<'_>, id: i64, its: Failing) -> Result<()> {
    let sql = "UPDATE outbound SET failing_since = ?, failing_times = ?, failing_last = ? WHERE id = ?";
    tx.execute(sql, &[its.since.into(), its.times.into(), its.last.into(), id.into()])?;
    Ok(())
}

/// Notes that a handler took an event, for whoever was told that it failed.
fn well(tx: &mut Tx<'_>, id: i64, is_told: bool, now: i64) -> Result<()> {
    let sql = "UPDATE outbound SET failing_since = NULL, failing_times = 0, failing_last = NULL, alert_well = ? \
               WHERE id = ?";
    tx.execute(sql, &[is_told.then_some(now).into(), id.into()])?;
    // Whoever is told that it is well again is told what it was.
    if is_told { Ok(()) } else { alert::forget(tx, id) }
}
