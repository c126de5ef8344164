//! What is held: events that happened while their webhook was off, or nothing could be sent to any for want of a licence. It
//! costs a row each and nothing else, and is bounded by age and by number.

use std::collections::BTreeSet;

use store::{Param, Tx};

use super::line::{Line, advance};
use engine::Core;
use engine::error::Result;
use engine::moment::Moment;

/// What becomes of what is held when a webhook works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// All of it is sent.
    Send,
    /// What was raised since that moment is sent, the rest dropped.
    Since(Moment),
    /// All of it is dropped.
    Drop,
}

impl Choice {
    /// Since when what is held is sent.
    pub fn since(self, now: Moment) -> Moment {
        match self {
            Choice::Send => Moment(0),
            Choice::Since(at) => at,
            Choice::Drop => now,
        }
    }
}

/// How much of a webhook is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of it.
    pub held: i64,
    /// What was raised since the moment that was asked for.
    pub since: i64,
    /// When the first and the last of it were raised.
    pub span: Option<(Moment, Moment)>,
    /// What was dropped since the webhook went off: there was too much of it, or it was too old.
    pub dropped: i64,
    /// What waits in the queue from before: it is sent in any case.
    pub waiting: i64,
}

/// Counts what is held of a webhook, and what of it was raised since then.
pub fn count(tx: &mut Tx<'_>, outbound_id: i64, since: Moment) -> Result<Count> {
    let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN raised >= ? THEN 1 ELSE 0 END), 0), MIN(raised), MAX(raised) \
               FROM delivery WHERE state = 4 AND outbound_id = ?";
    let found = tx.one(sql, &[since.0.into(), outbound_id.into()], |row| {
        let span = row.opt_int(2)?.zip(row.opt_int(3)?).map(|(first, last)| (Moment(first), Moment(last)));
        Ok(Count { held: row.int(0)?, since: row.int(1)?, span, ..Count::default() })
    })?;
    let sql = "SELECT dropped FROM outbound WHERE id = ?";
    let dropped = tx.one(sql, &[outbound_id.into()], |row| row.int(0))?.unwrap_or(0);
    Ok(Count { dropped, waiting: super::waiting(tx, outbound_id)?, ..found.unwrap_or_default() })
}

/// What a step did.
#[derive(Clone, Debug, Default)]
pub struct Released {
    /// The webhooks for which something is to be sent, or lined up.
    pub outbounds: BTreeSet<i64>,
    /// Whether there is more.
    pub more: bool,
}

/// Does with what is held of webhooks that work as was decided when they were switched on, a step of it each, the oldest
/// first. Does nothing without an active licence.
pub fn release(tx: &mut Tx<'_>, core: &Core, limit: i64, now: Moment) -> Result<Released> {
    let mut released = Released::default();
    if !core.current(tx)?.settings.outbound_available() {
        return Ok(released);
    }
    let sql = "SELECT o.id, o.held_since FROM outbound o JOIN integration i ON i.id = o.integration_id \
               JOIN portal_user u ON u.id = i.user_id WHERE o.active = 'Y' AND u.active = 'Y' \
               AND EXISTS (SELECT 1 FROM delivery d WHERE d.state = 4 AND d.outbound_id = o.id)";
    let working = tx.all(sql, &[], |row| Ok((row.int(0)?, row.int(1)?)))?;
    for (outbound_id, since) in working {
        let last = "SELECT MAX(h.id) FROM (SELECT id FROM delivery WHERE state = 4 AND outbound_id = ? \
                    ORDER BY id LIMIT ?) h";
        let last = tx.one(last, &[outbound_id.into(), limit.into()], |row| row.opt_int(0))?.flatten();
        let Some(last) = last else { continue };
        let old = "state = 4 AND outbound_id = ? AND id <= ? AND raised < ?";
        forget(tx, old, &[outbound_id.into(), last.into(), since.into()], now)?;
        let send = "UPDATE delivery SET state = CASE WHEN ordered = 1 THEN 6 ELSE 0 END \
                    WHERE state = 4 AND outbound_id = ? AND id <= ?";
        tx.execute(send, &[outbound_id.into(), last.into()])?;
        released.outbounds.insert(outbound_id);
        let more = "SELECT id FROM delivery WHERE state = 4 AND outbound_id = ? LIMIT 1";
        released.more |= tx.one(more, &[outbound_id.into()], |row| row.int(0))?.is_some();
    }
    Ok(released)
}

/// Drops the oldest of what is held beyond so many of each webhook, at most `limit` of each; how many.
pub fn bound(tx: &mut Tx<'_>, most: i64, limit: i64, now: Moment) -> Result<u64> {
    let sql = "SELECT o.id FROM outbound o WHERE EXISTS \
               (SELECT 1 FROM delivery d WHERE d.state = 4 AND d.outbound_id = o.id)";
    let outbounds = tx.all(sql, &[], |row| row.int(0))?;
    let mut all = 0;
    for id in outbounds {
        let last =
            "SELECT id FROM delivery WHERE state = 4 AND outbound_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?";
        let Some(last) = tx.one(last, &[id.into(), most.into()], |row| row.int(0))? else { continue };
        let old = "id IN (SELECT h.id FROM delivery h WHERE h.state = 4 AND h.outbound_id = ? AND h.id <= ? \
                   ORDER BY h.id LIMIT ?)";
        let dropped = forget(tx, old, &[id.into(), last.into(), limit.into()], now)?;
        count_dropped(tx, id, dropped)?;
        all += dropped;
    }
    Ok(all)
}

/// Drops what was held for too long; it ends at that moment.
pub(in crate::outbound) fn expire(tx: &mut Tx<'_>, id: i64, now: Moment) -> Result<()> {
    let outbound = tx.one("SELECT outbound_id FROM delivery WHERE id = ?", &[id.into()], |row| row.int(0))?;
    let dropped = forget(tx, "id = ? AND state = 4", &[id.into()], now)?;
    outbound.map_or(Ok(()), |outbound| count_dropped(tx, outbound, dropped))
}

/// Adds to what was dropped of a webhook.
fn count_dropped(tx: &mut Tx<'_>, outbound_id: i64, dropped: u64) -> Result<()> {
    let sql = "UPDATE outbound SET dropped = dropped + ? WHERE id = ?";
    tx.execute(sql, &[i64::try_from(dropped).unwrap_or(i64::MAX).into(), outbound_id.into()])?;
    Ok(())
}

/// Deletes what is held and meets a condition; how much. What stood behind it moves up.
fn forget(tx: &mut Tx<'_>, condition: &str, params: &[Param<'_>], now: Moment) -> Result<u64> {
    let (mut lines, mut count) = (BTreeSet::<Line>::new(), 0);
    let sql = format!("DELETE FROM delivery WHERE {condition} RETURNING outbound_id, object, ordered");
    tx.query(&sql, params, |row| {
        count += 1;
        if row.int(2)? == 1 {
            lines.insert((row.int(0)?, row.text(1)?.to_owned()));
        }
        Ok(())
    })?;
    advance(tx, &lines, now)?;
    Ok(count)
}
