//! Cancelling what waits: it is not sent, and what stands behind it moves up.

use std::collections::BTreeSet;

use store::Tx;

use super::{Filter, Page, Replayed, State, action, search};
use crate::outbound::queue::line::{self, Line};
use engine::error::Result;
use engine::moment::Moment;

/// What was cancelled.
#[derive(Clone, Debug, Default)]
pub struct Cancelled {
    /// How many deliveries.
    pub count: u64,
    /// The webhooks for which something waits now that stood behind what was cancelled.
    pub outbounds: BTreeSet<i64>,
}

/// Cancels those of these that wait or are held; what is being sent or has ended stays as it is.
pub fn cancel(tx: &mut Tx<'_>, ids: &[i64], by: Option<i64>, now: Moment) -> Result<Cancelled> {
    let mut lines = BTreeSet::<Line>::new();
    // The sum keeps an engine from looking for them among all that wait.
    let sql = "UPDATE delivery SET state = 3, cancelled = 1, due = ?, \
               ordered = ordered + (CASE WHEN ordered = 1 THEN 1 ELSE 0 END) \
               WHERE state + 0 IN (0, 4, 5, 6) AND id IN (#) RETURNING id, outbound_id, object, ordered";
    let cancelled = tx.all_among(sql, &[now.0.into()], ids, |row| {
        if row.int(3)? == line::LEFT {
            lines.insert((row.int(1)?, row.text(2)?.to_owned()));
        }
        row.int(0)
    })?;
    let outbounds = line::advance(tx, &lines, now)?;
    action::note_cancelled(tx, &cancelled, by, now)?;
    Ok(Cancelled { count: cancelled.len() as u64, outbounds })
}

/// Cancels what a search finds on one page: what waits, and what is held where that is asked for.
pub fn cancel_found(
    tx: &mut Tx<'_>,
    filter: &Filter,
    limit: usize,
    by: Option<i64>,
    now: Moment,
) -> Result<Replayed> {
    let filter = Filter { state: filter.state.or(Some(State::Waiting)), ..filter.clone() };
    if !matches!(filter.state, Some(State::Waiting | State::Held)) {
        return Ok(Replayed::default());
    }
    let Page { deliveries, before } = search(tx, &filter, limit)?;
    let ids: Vec<i64> = deliveries.iter().map(|(delivery, _)| delivery.id).collect();
    let Cancelled { count, outbounds } = cancel(tx, &ids, by, now)?;
    Ok(Replayed { count, outbounds, before })
}
