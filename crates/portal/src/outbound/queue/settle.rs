//! What became of deliveries that were sent.

use std::collections::{BTreeMap, HashSet};

use store::{Param, Tx};

use super::Lane;
use crate::error::Result;
use crate::meta::Meta;
use crate::moment::Moment;
use crate::outbound::policy::Verdict;
use crate::portal::Core;

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
    /// What happened.
    pub attempt: Attempt,
    /// What follows.
    pub verdict: Verdict,
}

/// Writes what became of deliveries. One whose lease ran out meanwhile is left to its new holder. Disables
/// webhooks whose handler is gone or has failed for too long; gives those.
pub fn settle(tx: &mut Tx<'_>, core: &Core, settled: &[Settled], now: Moment) -> Result<Vec<i64>> {
    // By webhook: whether any of its deliveries arrived, and whether its handler said it is gone.
    let mut handlers: BTreeMap<i64, (bool, bool)> = BTreeMap::new();
    for portion in tx.dialect().portions(settled) {
        write(tx, portion, now)?;
    }
    for one in settled {
        let (arrived, gone) = handlers.entry(one.outbound_id).or_default();
        *arrived |= one.verdict == Verdict::Delivered;
        *gone |= one.verdict == Verdict::Gone;
    }
    let well = handlers.extract_if(.., |_, (arrived, gone)| *arrived && !*gone);
    recover(tx, &well.map(|(id, _)| id).collect::<Vec<i64>>())?;
    let mut disabled = Vec::new();
    for (id, (_, gone)) in handlers {
        let reason = if gone { Some(GONE.to_owned()) } else { judge(tx, core, id, now)? };
        if let Some(reason) = reason {
            let sql = "UPDATE outbound SET active = 'N', disabled_because = ? WHERE id = ? AND active = 'Y'";
            if tx.execute(sql, &[reason.as_str().into(), id.into()])? > 0 {
                disabled.push(id);
            }
        }
    }
    if !disabled.is_empty() {
        Meta::renew(tx)?;
    }
    Ok(disabled)
}

const GONE: &str = "The handler answered 410: it wants nothing more.";

/// Writes a portion; those whose lease ran out meanwhile are left.
fn write(tx: &mut Tx<'_>, portion: &[Settled], now: Moment) -> Result<()> {
    let ended = end(tx, portion, now)?;
    for attempts in tx.dialect().portions(&ended) {
        note(tx, attempts)?;
    }
    Ok(())
}

/// Writes tries into the log, each under the next number of its delivery.
fn note(tx: &mut Tx<'_>, attempts: &[&Settled]) -> Result<()> {
    const INSERT: &str =
        "INSERT INTO delivery_attempt (delivery_id, started, took, status, error, answer, number)";
    const NEXT: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM delivery_attempt WHERE delivery_id =";
    let mut params: Vec<Param<'_>> = attempts.iter().flat_map(|one| one.row()).collect();
    let sql = if let [one] = attempts {
        // SQLite, which gets no more than one, would make a table of what stands behind FROM.
        params.push(one.id.into());
        format!("{INSERT} VALUES (?, ?, ?, ?, ?, ?, ({NEXT} ?))")
    } else {
        let row = "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?)";
        format!(
            "{INSERT} SELECT s.column1, s.column2, s.column3, s.column4, s.column5, s.column6, ({NEXT} s.column1) \
             FROM (VALUES {}) s",
            store::rows(row, attempts.len())
        )
    };
    tx.execute(&sql, &params)?;
    Ok(())
}

/// Ends the leases, and gives those deliveries that were still held by theirs.
fn end<'a>(tx: &mut Tx<'_>, portion: &'a [Settled], now: Moment) -> Result<Vec<&'a Settled>> {
    let mut params = Vec::with_capacity(5 * portion.len());
    for one in portion {
        let (state, lane, due) = match one.verdict {
            Verdict::Delivered => (2, None, now),
            Verdict::Retry { at } => (0, Some(Lane::Retry.code()), at),
            Verdict::Dead | Verdict::Gone => (3, None, now),
        };
        params.extend([state.into(), lane.into(), due.0.into(), one.id.into(), one.lease.into()]);
    }
    if let [one] = portion {
        let sql = "UPDATE delivery SET state = ?, lane = COALESCE(?, lane), due = ?, attempts = attempts + 1 \
                   WHERE id = ? AND state = 1 AND lease = ?";
        return Ok(if tx.execute(sql, &params)? > 0 { vec![one] } else { Vec::new() });
    }
    let row =
        "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))";
    // `+ 0`: PostgreSQL looks for the rows by their numbers then, and not through all that are leased.
    let sql = format!(
        "UPDATE delivery SET state = s.column1, lane = COALESCE(s.column2, lane), due = s.column3, \
         attempts = attempts + 1 FROM (VALUES {}) s \
         WHERE id = s.column4 AND state + 0 = 1 AND lease = s.column5 RETURNING id, lease",
        store::rows(row, portion.len())
    );
    let mut ended = HashSet::with_capacity(portion.len());
    tx.query(&sql, &params, |row| {
        ended.insert((row.int(0)?, row.int(1)?));
        Ok(())
    })?;
    Ok(portion.iter().filter(|one| ended.contains(&(one.id, one.lease))).collect())
}

impl Settled {
    /// Its row in the log of attempts.
    fn row(&self) -> [Param<'_>; 6] {
        let Attempt { started, took, status, error, answer } = &self.attempt;
        [
            self.id.into(),
            started.0.into(),
            (*took).into(),
            status.map(i64::from).into(),
            error.as_deref().into(),
            answer.as_str().into(),
        ]
    }
}

/// Forgets since when handlers failed. Nothing is written, nor locked, for those that were well before.
fn recover(tx: &mut Tx<'_>, well: &[i64]) -> Result<()> {
    for portion in tx.dialect().portions(well) {
        let marks = store::marks(portion.len());
        let sql = format!(
            "UPDATE outbound SET failing_since = NULL WHERE failing_since IS NOT NULL AND id IN ({marks})"
        );
        let params: Vec<Param<'_>> = portion.iter().map(|id| (*id).into()).collect();
        tx.execute(&sql, &params)?;
    }
    Ok(())
}

/// Keeps since when a handler does nothing but fail; says so when it is too long.
fn judge(tx: &mut Tx<'_>, core: &Core, id: i64, now: Moment) -> Result<Option<String>> {
    let sql = "UPDATE outbound SET failing_since = ? WHERE id = ? AND failing_since IS NULL";
    if tx.execute(sql, &[now.seconds().into(), id.into()])? > 0 {
        return Ok(None);
    }
    let since =
        tx.one("SELECT failing_since FROM outbound WHERE id = ?", &[id.into()], |row| row.opt_int(0))?;
    let limit = core.settings().disable_after;
    let too_long = since.flatten().is_some_and(|since| now.seconds() - since >= limit);
    Ok(too_long.then(|| format!("The handler did nothing but fail for {} hours.", limit / 3600)))
}
