//! Brings stored values of communication to the form in which this version compares them.

use store::{Store, Tx};

use super::multifield::fold;
use crate::error::Result;
use crate::state;

/// The key under which the rule of the stored values is kept.
const STATE: &str = "multifields folded";

/// The rule of [`fold`], to be counted up when it changes.
const RULE: &str = "2";

/// Rows that one step reads and writes; others write between two steps.
const STEP: i64 = 1000;

/// Folds the values that an older version stored. Quick when there is nothing to do.
pub fn run(store: &Store) -> Result<()> {
    if store.read(|tx: &mut Tx<'_>| state::get(tx, STATE)).wait()?.as_deref() == Some(RULE) {
        return Ok(());
    }
    let mut after = 0;
    while let Some(last) = store.write(move |tx: &mut Tx<'_>| step(tx, after)).wait()? {
        after = last;
    }
    store.write(|tx: &mut Tx<'_>| state::set(tx, STATE, RULE)).wait()
}

/// Folds the next phones behind that id and gives the last one's; `None` when there are no more.
fn step(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let sql =
        "SELECT id, value, folded FROM crm_multifield WHERE id > ? AND type_id = 'PHONE' ORDER BY id LIMIT ?";
    let mut last = None;
    let mut changed = Vec::new();
    tx.query(sql, &[after.into(), STEP.into()], |row| {
        let id = row.int(0)?;
        last = Some(id);
        let folded = fold("PHONE", row.text(1)?);
        if folded != row.text(2)? {
            changed.push((id, folded));
        }
        Ok(())
    })?;
    for (id, folded) in changed {
        tx.execute("UPDATE crm_multifield SET folded = ? WHERE id = ?", &[folded.into(), id.into()])?;
    }
    Ok(last)
}
