//! Another choice of order for what waits already. It is done step by step, each a short transaction, since much may wait; a crash in
//! between leaves the rest to be done. Until then new events may come before older ones of their object.

use store::Tx;

use super::TEST_OBJECT;
use engine::error::Result;

/// Begins: what waits for this webhook is to keep to the choice that was just stored.
pub(in crate::outbound) fn begin(tx: &mut Tx<'_>, outbound_id: i64) -> Result<()> {
    tx.execute("UPDATE outbound SET reordering = 1 WHERE id = ?", &[outbound_id.into()])?;
    Ok(())
}

/// Does a step, at most so many deliveries of each webhook; whether there is more.
pub fn step(tx: &mut Tx<'_>, limit: i64) -> Result<bool> {
    let changing = tx.all("SELECT id, ordered FROM outbound WHERE reordering = 1", &[], |row| {
        Ok((row.int(0)?, row.text(1)? == "Y"))
    })?;
    let mut more = false;
    for (id, ordered) in changing {
        let is_all = if ordered { line_up(tx, id, limit)? } else { set_free(tx, id, limit)? };
        more |= !is_all;
        if is_all {
            tx.execute("UPDATE outbound SET reordering = 0 WHERE id = ?", &[id.into()])?;
        }
    }
    Ok(more)
}

/// What is in the queue, or held, takes its place in the line of its object; whether that was all.
fn line_up(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<bool> {
    // Two statements: there is an index for each.
    for which in ["d.state < 2", "d.state = 4"] {
        let sql = format!(
            "UPDATE delivery SET ordered = 1, state = CASE WHEN state = 0 THEN 6 ELSE state END WHERE id IN (\
             SELECT d.id FROM delivery d WHERE {which} AND d.outbound_id = ? AND d.ordered = 0 AND d.object <> ? \
             ORDER BY d.id LIMIT ?)"
        );
        let count = tx.execute(&sql, &[id.into(), TEST_OBJECT.into(), limit.into()])?;
        if i64::try_from(count).unwrap_or(i64::MAX) >= limit {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is in a line leaves it and waits by itself; whether that was all.
fn set_free(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<bool> {
    let sql = "UPDATE delivery SET ordered = 0, state = CASE WHEN state >= 5 THEN 0 ELSE state END WHERE id IN (\
               SELECT d.id FROM delivery d WHERE d.ordered = 1 AND d.outbound_id = ? LIMIT ?)";
    let count = tx.execute(sql, &[id.into(), limit.into()])?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX) < limit)
}
