//! Failures of one handler of the same kind are one problem, with a count and the first and the last time.

use std::collections::BTreeMap;

use store::Tx;

use crate::outbound::policy::Verdict;
use crate::outbound::queue::Settled;
use engine::error::Result;
use engine::moment::Moment;

/// Kinds that are told apart for one handler.
const MAX: usize = 20;
/// What further ones are called.
const OTHERS: &str = "other errors";
/// Bytes of a reason.
const LONGEST: usize = 200;

/// Why a handler fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status, or why there was no answer.
    pub reason: String,
    /// How often, since it was well.
    pub times: i64,
    /// The first time, Unix seconds.
    pub first: i64,
    /// The last time, Unix seconds.
    pub last: i64,
}

/// Counts the failures among these. Test events and answers of a busy handler (429) are none.
pub(crate) fn note(tx: &mut Tx<'_>, settled: &[Settled], now: Moment) -> Result<()> {
    let mut failures: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for one in settled {
        let failed = one.verdict != Verdict::Delivered && !one.is_test && one.attempt.status != Some(429);
        if let Some(reason) = failed.then(|| reason(one)) {
            *failures.entry((one.outbound_id, reason)).or_default() += 1;
        }
    }
    for ((id, reason), times) in failures {
        if !add(tx, id, &reason, times, now)? && !begin(tx, id, &reason, times, now)? {
            let _ = add(tx, id, OTHERS, times, now)? || begin(tx, id, OTHERS, times, now)?;
        }
    }
    Ok(())
}

fn reason(one: &Settled) -> String {
    let mut text = match (one.attempt.status, &one.attempt.error) {
        (Some(status), _) => format!("HTTP {status}"),
        (None, Some(error)) => error.clone(),
        (None, None) => OTHERS.to_owned(),
    };
    text.truncate(text.floor_char_boundary(LONGEST));
    text
}

fn add(tx: &mut Tx<'_>, id: i64, reason: &str, times: i64, now: Moment) -> Result<bool> {
    let sql = "UPDATE outbound_problem SET times = times + ?, last = ? WHERE outbound_id = ? AND reason = ?";
    Ok(tx.execute(sql, &[times.into(), now.seconds().into(), id.into(), reason.into()])? > 0)
}

/// Begins a problem, unless the webhook is gone or has too many; that of others has always room.
fn begin(tx: &mut Tx<'_>, id: i64, reason: &str, times: i64, now: Moment) -> Result<bool> {
    let most = if reason == OTHERS { MAX + 1 } else { MAX };
    let sql = format!(
        "INSERT INTO outbound_problem (outbound_id, reason, times, first, last) \
         SELECT o.id, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT) \
         FROM outbound o WHERE o.id = ? \
         AND (SELECT COUNT(*) FROM outbound_problem p WHERE p.outbound_id = o.id) < {most} \
         ON CONFLICT (outbound_id, reason) DO UPDATE \
         SET times = outbound_problem.times + excluded.times, last = excluded.last"
    );
    let now = now.seconds();
    Ok(tx.execute(&sql, &[reason.into(), times.into(), now.into(), now.into(), id.into()])? > 0)
}

/// Those of a webhook, the one that happened last first.
pub fn of(tx: &mut Tx<'_>, id: i64) -> Result<Vec<Problem>> {
    let sql = "SELECT reason, times, first, last FROM outbound_problem WHERE outbound_id = ? \
               ORDER BY last DESC, times DESC, reason";
    Ok(tx.all(sql, &[id.into()], |row| {
        Ok(Problem {
            reason: row.text(0)?.to_owned(),
            times: row.int(1)?,
            first: row.int(2)?,
            last: row.int(3)?,
        })
    })?)
}

/// Forgets those of a webhook.
pub(crate) fn forget(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM outbound_problem WHERE outbound_id = ?", &[id.into()])?;
    Ok(())
}
