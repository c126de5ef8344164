//! Sending again: one delivery, what a search finds, or all that a webhook missed.

use std::collections::BTreeSet;

use store::{Param, Tx};

use super::{Filter, Page, State, action, place, search};
use crate::outbound::trial;
use engine::error::Result;
use engine::moment::Moment;

/// Whether the webhook of a delivery keeps to an order.
const ORDERED: &str =
    "object <> ? AND EXISTS (SELECT 1 FROM outbound o WHERE o.id = delivery.outbound_id AND o.ordered = 'Y')";

/// What of a webhook is to be sent again: what has ended, and so neither what waits nor what is held; nor what a person
/// cancelled.
#[derive(Clone, Copy, Debug)]
pub struct Missed {
    /// The webhook.
    pub outbound_id: i64,
    /// Only what was given up.
    pub failed: bool,
    /// What was raised at this moment or later.
    pub since: Moment,
    /// What had ended by this moment. What fails again while it goes on is not taken a second time.
    pub ended: Moment,
}

impl Missed {
    /// A condition, with its parameters; of what is numbered higher than that.
    fn condition(&self, tx: &mut Tx<'_>, after: i64) -> Result<(String, Vec<Param<'static>>)> {
        let states = if self.failed { "state = 3" } else { "state IN (2, 3)" };
        let states = format!("{states} AND cancelled = 0");
        let first = place::first_since(tx, self.since)?.max(after.saturating_add(1));
        let sql = format!(
            "outbound_id = ? AND id >= ? AND {states} AND raised >= ? AND due <= ? AND object <> ? \
             AND outbound_id IN (SELECT id FROM outbound)"
        );
        let numbers = [self.outbound_id, first, self.since.0, self.ended.0].map(Param::from);
        let mut params = Vec::from(numbers);
        params.push(trial::OBJECT.into());
        Ok((sql, params))
    }
}

/// How much that is.
pub fn count_missed(tx: &mut Tx<'_>, missed: &Missed) -> Result<i64> {
    let (condition, params) = missed.condition(tx, 0)?;
    let sql = format!("SELECT COUNT(*) FROM delivery WHERE {condition}");
    Ok(tx.one(&sql, &params, |row| row.int(0))?.unwrap_or(0))
}

/// A step on the way through what was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many are sent again.
    pub count: u64,
    /// The last number of them, to go on from; `None` when it was the last step.
    pub last: Option<i64>,
}

/// Sends again at most `limit` of what was missed, the oldest first, after the delivery of that number: by a user, or by the
/// operator where there is none.
pub fn replay_missed(
    tx: &mut Tx<'_>,
    missed: &Missed,
    after: i64,
    limit: usize,
    by: Option<i64>,
    now: Moment,
) -> Result<Step> {
    let (condition, mut params) = missed.condition(tx, after)?;
    let sql = format!("SELECT id FROM delivery WHERE {condition} ORDER BY outbound_id, id LIMIT ?");
    params.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let ids = tx.all(&sql, &params, |row| row.int(0))?;
    let sql = format!(
        "UPDATE delivery SET state = CASE WHEN {ORDERED} THEN 6 ELSE 0 END, ordered = CASE WHEN {ORDERED} THEN 1 ELSE 0 END, \
         lane = 1, due = ?, attempts = 0, slowed = 0, cancelled = 0 WHERE id IN (#)"
    );
    tx.execute_among(&sql, &[trial::OBJECT.into(), trial::OBJECT.into(), now.0.into()], &ids)?;
    action::note_replayed(tx, &ids, by, now)?;
    let last = ids.last().copied().filter(|_| ids.len() == limit);
    Ok(Step { count: ids.len() as u64, last })
}

/// Sends a delivery again, or at once if it waits for a later try; its schedule begins anew. What stands behind another
/// one of its object stays there. Remembers which user did it, or the operator where there is none. False when there is no
/// such delivery, it is being sent, or its webhook is gone.
pub fn replay(tx: &mut Tx<'_>, id: i64, by: Option<i64>, now: Moment) -> Result<bool> {
    let sql = format!(
        "UPDATE delivery SET state = CASE WHEN state IN (0, 5, 6) THEN state WHEN {ORDERED} THEN 6 ELSE 0 END, \
         ordered = CASE WHEN state IN (0, 5, 6) THEN ordered WHEN {ORDERED} THEN 1 ELSE 0 END, \
         lane = 1, due = ?, attempts = 0, slowed = 0, cancelled = 0 \
         WHERE id = ? AND state <> 1 AND outbound_id IN (SELECT id FROM outbound)"
    );
    let params = [trial::OBJECT.into(), trial::OBJECT.into(), now.0.into(), id.into()];
    let is_done = tx.execute(&sql, &params)? > 0;
    if is_done {
        action::note_replayed(tx, &[id], by, now)?;
    }
    Ok(is_done)
}

/// What was sent again, or cancelled.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// How many deliveries.
    pub count: u64,
    /// Of which webhooks, for the courier to be told.
    pub outbounds: BTreeSet<i64>,
    /// From where to go on; `None` when there is nothing older.
    pub before: Option<i64>,
}

/// Sends again what a search finds on one page, but for what is being sent, or has no webhook any more.
pub fn replay_found(
    tx: &mut Tx<'_>,
    filter: &Filter,
    limit: usize,
    by: Option<i64>,
    now: Moment,
) -> Result<Replayed> {
    let Page { deliveries, before } = search(tx, filter, limit)?;
    let mut replayed = Replayed { before, ..Replayed::default() };
    for (delivery, _) in deliveries {
        // A person decides about what is held when the webhook is resumed, and has decided about what was cancelled, unless it
        // is just that which is meant.
        let is_set_aside = matches!(delivery.state, State::Held | State::Cancelled);
        let is_meant = !is_set_aside || filter.state == Some(delivery.state);
        if is_meant && replay(tx, delivery.id, by, now)? {
            replayed.count += 1;
            replayed.outbounds.insert(delivery.outbound_id);
        }
    }
    Ok(replayed)
}
