//! Lines: events of one object to one webhook, in the order in which they happened. Only the head of a line is in the
//! queue, so a long one costs neither those who write nor a claim. When a head ends, the next becomes the head in the
//! same transaction.
//!
//! On PostgreSQL one who writes may not see that the head has ended meanwhile, nor whoever ends it what is written behind it.
//! So what comes behind something only arrives there, and is [lined up](line_up) a little later by a transaction that either
//! sees the end of the head or has its end run again.

use std::collections::BTreeSet;

use store::{Dialect, Tx};

use super::put::Place;
use engine::error::Result;
use engine::moment::Moment;

/// A line: of a webhook and an object.
pub(in crate::outbound) type Line = (i64, String);

/// `ordered` of what stood in a line and has ended.
pub(in crate::outbound) const LEFT: i64 = 2;

/// So many are lined up in one transaction.
const STEP: i64 = 500;

/// Whether a row `{of}` has something of its object before it; what is held counts, too.
pub(super) fn is_behind(of: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM delivery b WHERE b.ordered = 1 AND b.outbound_id = {of}.outbound_id \
         AND b.object = {of}.object)"
    )
}

/// Where that stands which comes behind something: SQLite has one who writes, so nothing can be missed.
pub(super) fn behind(dialect: Dialect) -> Place {
    match dialect {
        Dialect::Sqlite => Place::Behind,
        Dialect::Postgres => Place::Arrived,
    }
}

/// What a person releases or sends again, and what came behind a head that may have ended meanwhile, takes its place in its line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinedUp {
    /// The webhooks for which something waits now.
    pub outbounds: BTreeSet<i64>,
    /// Whether there may be more.
    pub more: bool,
}

/// Lines up what arrived, a step of it, the oldest first.
pub fn line_up(tx: &mut Tx<'_>, now: Moment) -> Result<LinedUp> {
    let sql = format!(
        "SELECT id, outbound_id, object FROM delivery WHERE state = 6 ORDER BY id LIMIT ?{}",
        tx.dialect().for_update_skip_locked()
    );
    let (mut ids, mut lines) = (Vec::new(), BTreeSet::new());
    tx.query(&sql, &[STEP.into()], |row| {
        ids.push(row.int(0)?);
        lines.insert((row.int(1)?, row.text(2)?.to_owned()));
        Ok(())
    })?;
    if ids.is_empty() {
        return Ok(LinedUp::default());
    }
    tx.execute_among("UPDATE delivery SET state = 5 WHERE state = 6 AND id IN (#)", &[], &ids)?;
    // Whoever ends the head of one of these lines without seeing what is behind it does it again.
    let touched = if tx.dialect() == Dialect::Postgres { "<> 4" } else { ">= 5" };
    let outbounds = move_up(tx, &lines, touched, now)?;
    Ok(LinedUp { outbounds, more: ids.len() as i64 == STEP })
}

/// Whether anything is to be lined up.
pub fn has_arrived(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.one("SELECT id FROM delivery WHERE state = 6 LIMIT 1", &[], |row| row.int(0))?.is_some())
}

/// The first of each line becomes its head, unless it is that, or held; gives the webhooks with a new head.
pub(in crate::outbound) fn advance(
    tx: &mut Tx<'_>,
    lines: &BTreeSet<Line>,
    now: Moment,
) -> Result<BTreeSet<i64>> {
    move_up(tx, lines, ">= 5", now)
}

/// The same, writing the first of each line that is in one of these states.
fn move_up(tx: &mut Tx<'_>, lines: &BTreeSet<Line>, states: &str, now: Moment) -> Result<BTreeSet<i64>> {
    let dialect = tx.dialect();
    let sql = move_up_sql(dialect, states);
    let lines: Vec<&Line> = lines.iter().collect();
    let mut moved = BTreeSet::new();
    for portion in dialect.portions(&lines) {
        let mut params = vec![now.0.into()];
        let keys = portion.iter().map(|(outbound, object)| [(*outbound).into(), object.as_str().into()]);
        params.extend(dialect.params(keys));
        tx.query(&sql, &params, |row| {
            moved.insert(row.int(0)?);
            Ok(())
        })?;
    }
    Ok(moved)
}

fn move_up_sql(dialect: Dialect, states: &str) -> String {
    // The sum in the order is the index's, see its definition; that of the state keeps an engine from looking for the
    // row among all of that state.
    let first = |outbound: &str, object: &str| {
        format!(
            "(SELECT n.id FROM delivery n WHERE n.ordered = 1 AND n.outbound_id = {outbound} AND n.object = {object} \
             ORDER BY n.id + 0 LIMIT 1)"
        )
    };
    let set = |latest: &str| {
        format!(
            "state = CASE WHEN d.state >= 5 THEN 0 ELSE d.state END, \
             due = CASE WHEN d.state >= 5 THEN {latest} ELSE d.due END"
        )
    };
    match dialect {
        Dialect::Sqlite => format!(
            "UPDATE delivery AS d SET {} WHERE d.id = {} AND d.state + 0 {states} RETURNING outbound_id",
            set("MAX(d.due, ?)"),
            first("?", "?"),
        ),
        Dialect::Postgres => format!(
            "UPDATE delivery d SET {} FROM unnest(CAST(? AS BIGINT[]), CAST(? AS TEXT[])) k (outbound_id, object) \
             CROSS JOIN LATERAL {} f WHERE d.id = f.id AND d.state + 0 {states} RETURNING d.outbound_id",
            set("GREATEST(d.due, CAST(? AS BIGINT))"),
            first("k.outbound_id", "k.object"),
        ),
    }
}
