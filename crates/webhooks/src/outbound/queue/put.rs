//! Additions to the queue.

use std::collections::HashSet;

use store::{Dialect, Param, Row, Tx};
use wire::Text;

use super::line;
use super::{Lane, Lease, Leased, TEST_OBJECT};
use engine::error::Result;
use engine::moment::Moment;

/// A delivery to be put into the queue.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<'a> {
    /// The webhook.
    pub outbound_id: i64,
    /// The webhook's subscription to the event; 0 when it has none.
    pub event_handler_id: i64,
    /// Whether events of one object must come in their order.
    pub ordered: bool,
    /// The event's name.
    pub event: &'a str,
    /// The object.
    pub object: &'a str,
    /// The event's data, encoded.
    pub data: &'a str,
    /// How many events lie before it in its chain.
    pub hop: u8,
    /// Whether it is held, since the webhook is off.
    pub is_off: bool,
    /// By whom it is leased from the start, unless it comes behind something; `None` for whoever claims it.
    pub lease: Option<Lease>,
}

/// Where a delivery came to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is due.
    Waiting,
    /// Its holder may send it.
    Leased,
    /// It is kept until the webhook works again.
    Held,
    /// It waits for what is before it in its line.
    Behind,
    /// It is to be [lined up](super::line_up).
    Arrived,
}

impl Place {
    const ALL: [Place; 5] = [Place::Waiting, Place::Leased, Place::Held, Place::Behind, Place::Arrived];

    /// The state of a delivery there.
    fn state(self) -> i64 {
        match self {
            Place::Waiting => 0,
            Place::Leased => 1,
            Place::Held => 4,
            Place::Behind => 5,
            Place::Arrived => 6,
        }
    }

    fn of(state: i64) -> Self {
        Place::ALL.into_iter().find(|place| place.state() == state).unwrap_or(Place::Waiting)
    }
}

/// A delivery in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number.
    pub id: i64,
    /// Where it stands.
    pub place: Place,
}

/// Puts a delivery into the queue, due at once.
pub fn put(tx: &mut Tx<'_>, fresh: Fresh<'_>, now: Moment) -> Result<Placed> {
    const PLAIN: &str = "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, \
                         state, lane, due, attempts, lease) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)";
    if fresh.lines_up() {
        let placed = put_portion(tx, &[fresh], now)?;
        return Ok(placed[0]);
    }
    let id = tx.insert(PLAIN, &fresh.row(now))?;
    Ok(Placed { id, place: fresh.place() })
}

/// Puts deliveries into the queue, due at once, in this order.
pub fn put_all(tx: &mut Tx<'_>, fresh: &[Fresh<'_>], now: Moment) -> Result<Vec<Placed>> {
    let mut placed = Vec::with_capacity(fresh.len());
    for portion in tx.dialect().portions(fresh) {
        match portion {
            [one] => placed.push(put(tx, *one, now)?),
            some => placed.append(&mut put_portion(tx, some, now)?),
        }
    }
    Ok(placed)
}

/// Puts a portion: on SQLite one delivery.
fn put_portion(tx: &mut Tx<'_>, fresh: &[Fresh<'_>], now: Moment) -> Result<Vec<Placed>> {
    let dialect = tx.dialect();
    // Of those that come together in one statement, none sees the others.
    let mut lines = HashSet::with_capacity(fresh.len());
    let rows = fresh.iter().map(|one| {
        let is_later = one.lines_up() && !lines.insert((one.outbound_id, one.object));
        let mut row = [const { Param::Null }; 14];
        row[..11].clone_from_slice(&one.row(now));
        row[11..].clone_from_slice(&[
            i64::from(one.lines_up()).into(),
            i64::from(is_later).into(),
            now.0.into(),
        ]);
        row
    });
    let params = dialect.params(rows);
    let mut placed = Vec::with_capacity(fresh.len());
    tx.query(&put_sql(dialect), &params, |row| {
        placed.push(placed_at(row)?);
        Ok(())
    })?;
    // Numbers are given in the order of the rows, and answered in any.
    placed.sort_unstable_by_key(|one| one.id);
    Ok(placed)
}

/// What comes behind something of its object stands there, without its lease.
fn put_sql(dialect: Dialect) -> String {
    let table = match dialect {
        Dialect::Sqlite => {
            "(SELECT ? AS outbound_id, ? AS handler_id, ? AS event, ? AS object, ? AS data, ? AS hop, ? AS raised, \
             ? AS ordered, ? AS state, ? AS due, ? AS lease, ? AS lines_up, ? AS is_later, ? AS now) f"
        }
        Dialect::Postgres => {
            "unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), \
             CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
             CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[])) \
             WITH ORDINALITY f (outbound_id, handler_id, event, object, data, hop, raised, ordered, state, due, lease, \
             lines_up, is_later, now, nr)"
        }
    };
    let order = if dialect == Dialect::Postgres { "ORDER BY w.nr" } else { "" };
    format!(
        "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, state, lane, due, \
         attempts, lease) SELECT w.outbound_id, w.handler_id, w.event, w.object, w.data, w.hop, w.raised, w.ordered, \
         CASE WHEN w.behind THEN {behind} ELSE w.state END, 0, CASE WHEN w.behind THEN w.now ELSE w.due END, 0, \
         CASE WHEN w.behind THEN NULL ELSE w.lease END \
         FROM (SELECT f.*, f.lines_up = 1 AND (f.is_later = 1 OR {is_behind}) AS behind FROM {table}) w {order} \
         RETURNING id, state",
        behind = line::behind(dialect).state(),
        is_behind = line::is_behind("f"),
    )
}

fn placed_at(row: &Row<'_>) -> std::result::Result<Placed, store::Error> {
    Ok(Placed { id: row.int(0)?, place: Place::of(row.int(1)?) })
}

impl<'a> Fresh<'a> {
    /// Where it stands if nothing is before it.
    fn place(&self) -> Place {
        match self.lease {
            _ if self.is_off => Place::Held,
            Some(_) => Place::Leased,
            None => Place::Waiting,
        }
    }

    /// Whether it is to wait for what is before it. What is held waits for a person anyway.
    fn lines_up(&self) -> bool {
        self.ordered && !self.is_off
    }

    fn row(&self, now: Moment) -> [Param<'a>; 11] {
        let lease = self.lease.filter(|_| !self.is_off);
        [
            self.outbound_id.into(),
            self.event_handler_id.into(),
            self.event.into(),
            self.object.into(),
            self.data.into(),
            i64::from(self.hop).into(),
            now.0.into(),
            i64::from(self.ordered).into(),
            self.place().state().into(),
            lease.map_or(now, |lease| lease.until).0.into(),
            lease.map(|lease| lease.number).into(),
        ]
    }

    /// What its holder sends, when it was leased from the start.
    pub(in crate::outbound) fn leased(&self, id: i64, now: Moment) -> Option<Leased> {
        Some(Leased {
            id,
            outbound_id: self.outbound_id,
            lane: Lane::First,
            event_handler_id: self.event_handler_id,
            event: Text::new(self.event),
            object: Text::new(self.object),
            data: self.data.to_owned(),
            raised: now,
            attempts: 0,
            hop: self.hop,
            is_test: self.object == TEST_OBJECT,
            is_slowed: false,
            lease: self.lease?,
            trace: None,
        })
    }
}
