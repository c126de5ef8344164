//! Where a moment is in the log: numbers grow with time, so it needs no index of times.

use store::Tx;

use engine::error::Result;
use engine::moment::Moment;

/// Numbers follow time, but not strictly: a long call takes its numbers later than it took its time.
const SLACK: i64 = 60_000_000;

/// A number before everything that was raised at that moment or later.
pub(super) fn first_since(tx: &mut Tx<'_>, at: Moment) -> Result<i64> {
    number_at(tx, at.0.saturating_sub(SLACK))
}

/// A number after everything that was raised before that moment.
pub(super) fn end_before(tx: &mut Tx<'_>, at: Moment) -> Result<i64> {
    number_at(tx, at.0.saturating_add(SLACK))
}

/// The first number raised at those microseconds or later, if numbers followed time strictly: a binary search.
fn number_at(tx: &mut Tx<'_>, micros: i64) -> Result<i64> {
    let mut low = tx.one("SELECT MIN(id) FROM delivery", &[], |row| row.opt_int(0))?.flatten().unwrap_or(0);
    let last = tx.one("SELECT MAX(id) FROM delivery", &[], |row| row.opt_int(0))?.flatten().unwrap_or(0);
    let mut high = last.saturating_add(1);
    let sql = "SELECT id, raised FROM delivery WHERE id >= ? ORDER BY id LIMIT 1";
    while low < high {
        let middle = low + (high - low) / 2;
        // There are gaps: the one looked at may lie behind the middle, or even behind `high`.
        match tx.one(sql, &[middle.into()], |row| Ok((row.int(0)?, row.int(1)?)))? {
            Some((id, raised)) if raised < micros => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
