//! The queue of deliveries: what is due is leased by a courier, sent outside of any transaction, and settled.
//! A lease that runs out gives the delivery back, so what a dead courier held is sent by another.

mod failing;
pub mod held;
pub(in crate::outbound) mod line;
mod put;
pub mod reorder;
mod settle;

use std::sync::Arc;

use store::{Dialect, Param, Row, Tx};
use wire::Text;

use engine::clock::LONGEST_LEASE;
use engine::error::Result;
use engine::moment::Moment;

pub use line::{LinedUp, has_arrived, line_up};
pub use put::{Fresh, Place, Placed, put, put_all};
pub use settle::{Attempt, Settled, Written, settle};

/// The object of a test event in the log.
pub const TEST_OBJECT: &str = "test";

/// First tries have room of their own: they never queue behind retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Deliveries that were not tried yet
    First,
    /// Deliveries that failed before, and those that a person sends again
    Retry,
}

impl Lane {
    /// Both.
    pub const ALL: [Lane; 2] = [Lane::First, Lane::Retry];

    /// `first` or `retry`.
    pub fn name(self) -> &'static str {
        match self {
            Lane::First => "first",
            Lane::Retry => "retry",
        }
    }

    fn code(self) -> i64 {
        match self {
            Lane::First => 0,
            Lane::Retry => 1,
        }
    }

    fn of(code: i64) -> Self {
        if code == 0 { Lane::First } else { Lane::Retry }
    }
}

/// How many deliveries are wanted of a webhook's lane.
#[derive(Clone, Copy, Debug)]
pub struct Want {
    /// The webhook.
    pub outbound_id: i64,
    /// First tries or retries.
    pub lane: Lane,
    /// At most so many.
    pub count: usize,
}

impl Want {
    fn row(&self, now: Moment) -> [Param<'static>; 4] {
        let most = i64::try_from(self.count).unwrap_or(i64::MAX);
        [self.outbound_id, self.lane.code(), now.0, most].map(Param::from)
    }
}

/// The right to send a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A random number of the holder's; to be made before the transaction, since that may run twice.
    pub number: i64,
    /// When it ends, on the machine's clock.
    pub until: Moment,
}

/// A delivery that its holder alone may send until the lease ends.
#[derive(Clone, Debug)]
pub struct Leased {
    /// Its number.
    pub id: i64,
    /// The webhook.
    pub outbound_id: i64,
    /// First try or retry.
    pub lane: Lane,
    /// The webhook's subscription to this event.
    pub event_handler_id: i64,
    /// The event's name.
    pub event: Text,
    /// What it happened to.
    pub object: Text,
    /// Its data, encoded.
    pub data: String,
    /// When it was raised.
    pub raised: Moment,
    /// Tries before this one that count, since it was raised or a person sent it again: what the schedule goes by.
    pub attempts: u32,
    /// How many events lie before it in its chain.
    pub hop: u8,
    /// Whether a person tries the handler out with it.
    pub is_test: bool,
    /// Whether it had to wait, since there were too many events of its object.
    pub is_slowed: bool,
    /// The lease; its number comes back with the outcome.
    pub lease: Lease,
    /// What it is part of, as `traceparent` has it: the call that raised it, where that is traced and was performed in this
    /// process.
    pub trace: Option<Arc<str>>,
}

/// Leases what is due, the longest due first, for every want; given by webhook, lane and number.
pub fn claim(tx: &mut Tx<'_>, wants: &[Want], lease: Lease, now: Moment) -> Result<Vec<Leased>> {
    let (mut claimed, dialect) = (Vec::new(), tx.dialect());
    let sql = claim_sql(dialect);
    for portion in dialect.portions(wants) {
        let mut params = dialect.params(portion.iter().map(|want| want.row(now)));
        params.extend([lease.until.0, lease.number].map(Param::from));
        tx.query(&sql, &params, |row| {
            claimed.push(leased(row, lease)?);
            Ok(())
        })?;
    }
    // The engines give changed rows in no order.
    claimed.sort_unstable_by_key(|one| (one.outbound_id, one.lane, one.id));
    Ok(claimed)
}

fn claim_sql(dialect: Dialect) -> String {
    let (wants, [outbound_id, lane, now, most]) = match dialect {
        Dialect::Sqlite => ("", ["?"; 4]),
        Dialect::Postgres => (
            "unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[])) \
             w (outbound_id, lane, now, most) CROSS JOIN LATERAL ",
            ["w.outbound_id", "w.lane", "w.now", "w.most"],
        ),
    };
    let skip_locked = dialect.for_update_skip_locked();
    format!(
        "WITH claimed AS (SELECT one.id FROM {wants}(\
         SELECT d.id FROM delivery d WHERE d.state < 2 AND d.state = 0 AND d.outbound_id = {outbound_id} \
         AND d.lane = {lane} AND d.due <= {now} \
         ORDER BY d.due, d.id LIMIT {most}{skip_locked}) one) \
         UPDATE delivery SET state = 1, due = ?, lease = ? WHERE id IN (SELECT id FROM claimed) \
         RETURNING id, outbound_id, lane, event_handler_id, event, data, raised, attempts, hop, object, slowed"
    )
}

fn leased(row: &Row<'_>, lease: Lease) -> std::result::Result<Leased, store::Error> {
    Ok(Leased {
        id: row.int(0)?,
        outbound_id: row.int(1)?,
        lane: Lane::of(row.int(2)?),
        event_handler_id: row.int(3)?,
        event: Text::new(row.text(4)?),
        object: Text::new(row.text(9)?),
        data: row.text(5)?.to_owned(),
        raised: Moment(row.int(6)?),
        attempts: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
        hop: u8::try_from(row.int(8)?).unwrap_or(u8::MAX),
        is_test: row.text(9)? == TEST_OBJECT,
        is_slowed: row.int(10)? != 0,
        lease,
        trace: None,
    })
}

/// A webhook's lane in which something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The webhook.
    pub outbound_id: i64,
    /// First tries or retries.
    pub lane: Lane,
    /// When the first of it is, or was, due.
    pub earliest: Moment,
}

/// Where something waits for the courier: every active webhook with a handler, of those who work here.
pub fn due(tx: &mut Tx<'_>) -> Result<Vec<Due>> {
    let sql = "SELECT w.id, w.lane, w.earliest FROM (\
               SELECT o.id AS id, l.lane AS lane, (SELECT MIN(d.due) FROM delivery d WHERE d.state < 2 AND d.state = 0 \
               AND d.outbound_id = o.id AND d.lane = l.lane) AS earliest \
               FROM outbound o JOIN integration i ON i.id = o.integration_id JOIN portal_user u ON u.id = i.user_id \
               CROSS JOIN (SELECT 0 AS lane UNION ALL SELECT 1 AS lane) l \
               WHERE o.active = 'Y' AND u.active = 'Y' AND o.heard IS NULL) w WHERE w.earliest IS NOT NULL";
    let mut found = Vec::new();
    tx.query(sql, &[], |row| {
        let earliest = Moment(row.int(2)?);
        found.push(Due { outbound_id: row.int(0)?, lane: Lane::of(row.int(1)?), earliest });
        Ok(())
    })?;
    Ok(found)
}

/// Takes back what couriers held that did not settle in time; the machine's clock shows `machine`.
pub fn release_expired(tx: &mut Tx<'_>, machine: Moment, now: Moment) -> Result<u64> {
    let sql = "UPDATE delivery SET state = 0, due = ? \
               WHERE id IN (SELECT id FROM delivery WHERE state < 2 AND state = 1 AND due <= ?)";
    Ok(tx.execute(sql, &[now.0.into(), machine.0.into()])?)
}

/// Has nothing wait for a time that lies ahead, since the clock was set back after it had shown `latest`: what was due by then, and what
/// waits since an event or a try that lies ahead.
pub fn set_back(tx: &mut Tx<'_>, latest: Moment, now: Moment) -> Result<()> {
    let sql = "UPDATE delivery SET due = ? WHERE state < 2 AND state = 0 AND due > ? AND (due <= ? OR raised > ? OR EXISTS \
               (SELECT 1 FROM delivery_attempt a WHERE a.delivery_id = delivery.id AND a.started > ?))";
    tx.execute(sql, &[now, now, latest, now, now].map(|at| at.0.into()))?;
    Ok(())
}

/// Takes back what is leased until later than any lease that is given now: the machine's clock was set back. What is on its way
/// may come twice.
pub fn release_ahead(tx: &mut Tx<'_>, machine: Moment, now: Moment) -> Result<()> {
    let sql = "UPDATE delivery SET state = 0, due = ? WHERE state < 2 AND state = 1 AND due > ? \
               AND outbound_id NOT IN (SELECT id FROM outbound WHERE heard IS NOT NULL)";
    tx.execute(sql, &[now.0.into(), machine.0.saturating_add(LONGEST_LEASE).into()])?;
    Ok(())
}

/// Takes back everything that any courier holds, but not what listeners do. For a start on SQLite, where no
/// other courier can be.
pub fn release_all(tx: &mut Tx<'_>, now: Moment) -> Result<u64> {
    let sql = "UPDATE delivery SET state = 0, due = ? WHERE state < 2 AND state = 1 \
               AND outbound_id NOT IN (SELECT id FROM outbound WHERE heard IS NOT NULL)";
    Ok(tx.execute(sql, &[now.0.into()])?)
}

/// Gives back what was leased and not sent.
pub fn give_back(tx: &mut Tx<'_>, leased: &[Leased], now: Moment) -> Result<()> {
    let sql = "UPDATE delivery SET state = 0, due = ? \
               WHERE id = ? AND state < 2 AND state = 1 AND lease = ?";
    for one in leased {
        tx.execute(sql, &[now.0.into(), one.id.into(), one.lease.number.into()])?;
    }
    Ok(())
}

/// Has a delivery that was leased and not sent wait until then, since there were too many events of its object.
pub fn slow_down(tx: &mut Tx<'_>, leased: &Leased, due: Moment) -> Result<()> {
    let sql =
        "UPDATE delivery SET state = 0, due = ?, slowed = 1 WHERE id = ? AND state + 0 = 1 AND lease = ?";
    tx.execute(sql, &[due.0.into(), leased.id.into(), leased.lease.number.into()])?;
    Ok(())
}

/// How much is under way in a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Deliveries that wait, due or not, or for an earlier one of their object.
    pub waiting: i64,
    /// Deliveries that a courier holds.
    pub leased: i64,
    /// When the event happened that waits longest.
    pub oldest: Option<Moment>,
}

/// How much is under way, first tries and retries. What waits longest is looked for where nobody decided that it waits: not
/// for webhooks that were paused, those whose owners were dismissed, and `portreeve listen`. It counts the open deliveries,
/// which takes a while when there are millions.
pub fn depth(tx: &mut Tx<'_>) -> Result<[Depth; 2]> {
    let mut depths = [Depth::default(); 2];
    for backlog in backlogs(tx)? {
        let depth = &mut depths[backlog.lane as usize];
        depth.waiting += backlog.waiting;
        depth.leased += backlog.leased;
        if backlog.is_awaited {
            depth.oldest = depth.oldest.into_iter().chain(backlog.oldest).min();
        }
    }
    Ok(depths)
}

/// How much of a webhook's lane is under way, or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The webhook.
    pub outbound_id: i64,
    /// Whether it is active, and its owner works here.
    pub is_active: bool,
    /// Whether nobody decided that it waits: it is active, or was disabled by the portal, and its owner works here.
    pub is_awaited: bool,
    /// First tries or retries.
    pub lane: Lane,
    /// Deliveries that wait, due or not, or for an earlier one of their object.
    pub waiting: i64,
    /// Deliveries that a courier holds.
    pub leased: i64,
    /// Events that are kept until the webhook works again.
    pub held: i64,
    /// When the event happened that waits longest.
    pub oldest: Option<Moment>,
}

/// How much is under way, of every webhook of which something is. It counts what is not ended, which takes a while when
/// that is millions.
pub fn backlogs(tx: &mut Tx<'_>) -> Result<Vec<Backlog>> {
    // One part for each of the partial indexes.
    let sql = "SELECT w.outbound_id, CASE WHEN o.active = 'Y' AND u.active = 'Y' THEN 1 ELSE 0 END, w.lane, \
               CASE WHEN o.heard IS NULL AND u.active = 'Y' AND (o.active = 'Y' OR o.disabled_because IS NOT NULL) \
               THEN 1 ELSE 0 END, SUM(w.waiting), SUM(w.leased), SUM(w.held), MIN(w.oldest) FROM (\
               SELECT outbound_id, lane, CASE WHEN state = 0 THEN COUNT(*) ELSE 0 END AS waiting, \
               CASE WHEN state = 1 THEN COUNT(*) ELSE 0 END AS leased, 0 AS held, \
               CASE WHEN state = 0 THEN MIN(raised) END AS oldest \
               FROM delivery WHERE state < 2 GROUP BY outbound_id, lane, state UNION ALL \
               SELECT outbound_id, lane, COUNT(*), 0, 0, MIN(raised) FROM delivery \
               WHERE ordered = 1 AND state >= 5 GROUP BY outbound_id, lane UNION ALL \
               SELECT outbound_id, 0, 0, 0, COUNT(*), NULL FROM delivery WHERE state = 4 GROUP BY outbound_id) w \
               JOIN outbound o ON o.id = w.outbound_id JOIN integration i ON i.id = o.integration_id \
               JOIN portal_user u ON u.id = i.user_id GROUP BY w.outbound_id, o.active, u.active, o.heard, o.disabled_because, w.lane \
               ORDER BY w.outbound_id, w.lane";
    Ok(tx.all(sql, &[], |row| {
        Ok(Backlog {
            outbound_id: row.int(0)?,
            is_active: row.int(1)? != 0,
            lane: Lane::of(row.int(2)?),
            is_awaited: row.int(3)? != 0,
            waiting: row.int(4)?,
            leased: row.int(5)?,
            held: row.int(6)?,
            oldest: row.opt_int(7)?.map(Moment),
        })
    })?)
}

/// How many deliveries are being sent or due, of webhooks that are active: what no courier has still to wait for.
pub fn at_work(tx: &mut Tx<'_>, now: Moment) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM delivery d JOIN outbound o ON o.id = d.outbound_id \
               WHERE d.state < 2 AND (d.state = 1 OR d.due <= ?) AND o.active = 'Y'";
    Ok(tx.one(sql, &[now.0.into()], |row| row.int(0))?.unwrap_or(0))
}

/// How much of a webhook waits, due or not, or for an earlier one of its object.
pub(in crate::outbound) fn waiting(tx: &mut Tx<'_>, outbound_id: i64) -> Result<i64> {
    let sql = "SELECT (SELECT COUNT(*) FROM delivery WHERE state < 2 AND state = 0 AND outbound_id = ?) + \
               (SELECT COUNT(*) FROM delivery WHERE ordered = 1 AND state >= 5 AND outbound_id = ?)";
    Ok(tx.one(sql, &[outbound_id.into(), outbound_id.into()], |row| row.int(0))?.unwrap_or(0))
}
