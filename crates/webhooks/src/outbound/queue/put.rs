//! Additions to the queue.

use store::{Param, Tx};
use wire::Text;

use super::{Lane, Lease, Leased};
use crate::outbound::trial;
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
    /// By whom it is held from the start; `None` for whoever claims it.
    pub lease: Option<Lease>,
}

/// Puts a delivery into the queue, due at once, and gives its number.
pub fn put(tx: &mut Tx<'_>, fresh: Fresh<'_>, now: Moment) -> Result<i64> {
    let sql = "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, \
               state, lane, due, attempts, lease) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)";
    Ok(tx.insert(sql, &fresh.row(now))?)
}

/// Puts deliveries into the queue, due at once, and gives their numbers.
pub fn put_all(tx: &mut Tx<'_>, fresh: &[Fresh<'_>], now: Moment) -> Result<Vec<i64>> {
    const PUT_ALL: &str = "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, \
        ordered, state, lane, due, attempts, lease) \
        SELECT f.outbound_id, f.handler_id, f.event, f.object, f.data, f.hop, f.raised, f.ordered, f.state, 0, f.due, 0, \
        f.lease FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), \
        CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
        CAST(? AS BIGINT[]), CAST(? AS BIGINT[])) \
        f (outbound_id, handler_id, event, object, data, hop, raised, ordered, state, due, lease) RETURNING id";
    let mut ids = Vec::with_capacity(fresh.len());
    for portion in tx.dialect().portions(fresh) {
        if let [one] = portion {
            ids.push(put(tx, *one, now)?);
            continue;
        }
        tx.query(PUT_ALL, &store::columns(portion.iter().map(|one| one.row(now))), |row| {
            ids.push(row.int(0)?);
            Ok(())
        })?;
    }
    // Numbers are given in the order of the rows, and answered in any.
    ids.sort_unstable();
    Ok(ids)
}

impl<'a> Fresh<'a> {
    fn row(&self, now: Moment) -> [Param<'a>; 11] {
        let (state, due) = self.lease.map_or((0, now), |lease| (1, lease.until));
        [
            self.outbound_id.into(),
            self.event_handler_id.into(),
            self.event.into(),
            self.object.into(),
            self.data.into(),
            i64::from(self.hop).into(),
            now.0.into(),
            i64::from(self.ordered).into(),
            state.into(),
            due.0.into(),
            self.lease.map(|lease| lease.number).into(),
        ]
    }

    /// What its holder sends, when it has one from the start.
    pub(in crate::outbound) fn held(&self, id: i64, now: Moment) -> Option<Leased> {
        Some(Leased {
            id,
            outbound_id: self.outbound_id,
            lane: Lane::First,
            event_handler_id: self.event_handler_id,
            event: Text::new(self.event),
            data: self.data.to_owned(),
            raised: now,
            attempts: 0,
            hop: self.hop,
            is_test: self.object == trial::OBJECT,
            lease: self.lease?,
        })
    }
}
