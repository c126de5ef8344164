//! How fast deliveries go to a handler just now, as each node's courier finds it. Couriers say so every few seconds, so that the
//! console and the command line can show it, whichever node they ask.

use store::{Row, Tx};

use engine::error::Result;
use engine::moment::Moment;

/// Microseconds after which a courier that says nothing more does nothing more.
const FRESH: i64 = 15_000_000;

/// What a courier does for a webhook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// The webhook.
    pub outbound_id: i64,
    /// Requests at once that its handler gets now, first tries and retries each.
    pub room: usize,
    /// How many it would get at most.
    pub most: usize,
    /// Requests under way.
    pub sending: usize,
    /// Deliveries that lie ready to be sent.
    pub ready: usize,
    /// Requests a second, lately.
    pub rate: f64,
    /// Whether its handler said lately that it is busy.
    pub is_busy: bool,
    /// Until when it is left alone.
    pub paused: Option<Moment>,
}

/// Says what a courier does now, instead of what it said before.
pub fn publish(tx: &mut Tx<'_>, node: i64, paces: &[Pace], now: Moment) -> Result<()> {
    tx.execute("DELETE FROM outbound_pace WHERE node = ?", &[node.into()])?;
    let sql = "INSERT INTO outbound_pace (node, outbound_id, at, room, most, sending, ready, rate, busy, paused) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    for pace in paces {
        let params = [
            node.into(),
            pace.outbound_id.into(),
            now.0.into(),
            whole(pace.room).into(),
            whole(pace.most).into(),
            whole(pace.sending).into(),
            whole(pace.ready).into(),
            ((pace.rate * 10.0).round() as i64).into(),
            i64::from(pace.is_busy).into(),
            pace.paused.map(|until| until.0).into(),
        ];
        tx.execute(sql, &params)?;
    }
    Ok(())
}

/// What the couriers do for a webhook, each with its node's number; none of those that have nothing to do.
pub fn of(tx: &mut Tx<'_>, outbound_id: i64, now: Moment) -> Result<Vec<(i64, Pace)>> {
    let sql = "SELECT node, outbound_id, room, most, sending, ready, rate, busy, paused FROM outbound_pace \
               WHERE outbound_id = ? AND at > ? ORDER BY node";
    Ok(tx.all(sql, &[outbound_id.into(), (now.0 - FRESH).into()], |row| Ok((row.int(0)?, pace(row, now)?)))?)
}

fn pace(row: &Row<'_>, now: Moment) -> std::result::Result<Pace, store::Error> {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    Ok(Pace {
        outbound_id: row.int(1)?,
        room: count(row.int(2)?),
        most: count(row.int(3)?),
        sending: count(row.int(4)?),
        ready: count(row.int(5)?),
        rate: row.int(6)? as f64 / 10.0,
        is_busy: row.int(7)? != 0,
        paused: row.opt_int(8)?.map(Moment).filter(|until| *until > now),
    })
}

/// Forgets what couriers said that are gone.
pub fn sweep(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    tx.execute("DELETE FROM outbound_pace WHERE at <= ?", &[(now.0 - FRESH).into()])?;
    Ok(())
}
