//! Outcomes of deliveries.

use std::collections::BTreeMap;

use store::{Dialect, Param, Tx};

use super::Lane;
use super::failing::Failing;
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

/// Writes what became of deliveries. One whose lease ran out meanwhile is left to its new holder. Disables
/// webhooks whose handler is gone or has failed for too long; gives those.
pub fn settle(tx: &mut Tx<'_>, core: &Core, settled: &[Settled], now: Moment) -> Result<Vec<i64>> {
    match tx.dialect() {
        Dialect::Sqlite => settled.iter().try_for_each(|one| write(tx, one, now))?,
        Dialect::Postgres => write_all(tx, settled, now)?,
    }
    let mut disabled = Vec::new();
    for (id, reason) in judge(tx, core, &Tried::by_webhook(settled), now)? {
        let sql = "UPDATE outbound SET active = 'N', disabled_because = ? WHERE id = ? AND active = 'Y'";
        if tx.execute(sql, &[reason.as_str().into(), id.into()])? > 0 {
            disabled.push(id);
        }
    }
    if !disabled.is_empty() {
        Meta::outdate(tx)?;
    }
    Ok(disabled)
}

/// Ends a lease, if it still holds, and notes the try under the next number of its delivery.
fn write(tx: &mut Tx<'_>, one: &Settled, now: Moment) -> Result<()> {
    const END: &str = "UPDATE delivery SET state = ?, lane = COALESCE(?, lane), due = ?, attempts = attempts + ? \
                       WHERE id = ? AND state = 1 AND lease = ?";
    const NOTE: &str = "INSERT INTO delivery_attempt (delivery_id, started, took, status, error, answer, number) \
                        VALUES (?, ?, ?, ?, ?, ?, \
                        (SELECT COALESCE(MAX(number), 0) + 1 FROM delivery_attempt WHERE delivery_id = ?))";
    let [id, lease, state, lane, due, counts, started, took, status, error, answer] = one.row(now);
    if tx.execute(END, &[state, lane, due, counts, id.clone(), lease])? > 0 {
        tx.execute(NOTE, &[id.clone(), started, took, status, error, answer, id])?;
    }
    Ok(())
}

/// The same for all of them in one statement, for PostgreSQL.
fn write_all(tx: &mut Tx<'_>, settled: &[Settled], now: Moment) -> Result<()> {
    // `+ 0`: it looks for the rows by their numbers then, and not through all that are leased.
    const WRITE: &str = "WITH ended AS (UPDATE delivery d \
        SET state = s.state, lane = COALESCE(s.lane, d.lane), due = s.due, attempts = d.attempts + s.counts \
        FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
        CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
        CAST(? AS TEXT[]), CAST(? AS TEXT[])) s (id, lease, state, lane, due, counts, started, took, status, error, answer) \
        WHERE d.id = s.id AND d.state + 0 = 1 AND d.lease = s.lease \
        RETURNING s.id, s.started, s.took, s.status, s.error, s.answer) \
        INSERT INTO delivery_attempt (delivery_id, number, started, took, status, error, answer) \
        SELECT e.id, (SELECT COALESCE(MAX(a.number), 0) + 1 FROM delivery_attempt a WHERE a.delivery_id = e.id), \
        e.started, e.took, e.status, e.error, e.answer FROM ended e";
    for portion in tx.dialect().portions(settled) {
        tx.execute(WRITE, &store::columns(portion.iter().map(|one| one.row(now))))?;
    }
    Ok(())
}

impl Settled {
    /// What is written of it: its number and lease; what it becomes; its try, for the log.
    fn row(&self, now: Moment) -> [Param<'_>; 11] {
        let (state, lane, due) = match self.verdict {
            Verdict::Delivered => (2, None, now),
            Verdict::Retry { at } => (0, Some(Lane::Retry.code()), at),
            Verdict::Later { at } => (0, None, at),
            Verdict::Dead | Verdict::Gone => (3, None, now),
        };
        let Attempt { started, took, status, error, answer } = &self.attempt;
        [
            self.id.into(),
            self.lease.into(),
            state.into(),
            lane.into(),
            due.0.into(),
            i64::from(!matches!(self.verdict, Verdict::Later { .. })).into(),
            started.0.into(),
            (*took).into(),
            status.map(i64::from).into(),
            error.as_deref().into(),
            answer.as_str().into(),
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
    for (id, failing) in failing(tx, tried)? {
        let its = tried[&id];
        if its.gone {
            ended.push((id, GONE.to_owned()));
        } else if its.took {
            if failing.is_some() {
                note(tx, id, None)?;
            }
        } else {
            let next = Failing::next(failing, limit, now);
            if Some(next) != failing {
                note(tx, id, Some(next))?;
            }
            // A first try never switches off: nobody knows yet whether the second one would do.
            if its.failed_again && next.is_enough(limit, now) {
                ended.push((id, format!("Every request to the handler failed for {} hours.", limit / 3600)));
            }
        }
    }
    Ok(ended)
}

fn failing(tx: &mut Tx<'_>, tried: &BTreeMap<i64, Tried>) -> Result<Vec<(i64, Option<Failing>)>> {
    const ONE: &str = "SELECT id, failing_since, failing_times, failing_last FROM outbound WHERE id = ?";
    const ALL: &str = "SELECT id, failing_since, failing_times, failing_last FROM outbound \
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
            found.push((row.int(0)?, row.opt_int(1)?.map(its)));
            Ok(())
        })?;
    }
    Ok(found)
}

fn note(tx: &mut Tx<'_>, id: i64, failing: Option<Failing>) -> Result<()> {
    let sql = "UPDATE outbound SET failing_since = ?, failing_times = ?, failing_last = ? WHERE id = ?";
    let (since, times, last) =
        failing.map_or((None, 0, None), |its| (Some(its.since), its.times, Some(its.last)));
    tx.execute(sql, &[since.into(), times.into(), last.into(), id.into()])?;
    Ok(())
}
