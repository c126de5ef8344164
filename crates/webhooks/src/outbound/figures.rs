//! How outbound webhooks are doing, in numbers.

use std::collections::HashMap;

use store::Tx;

use super::queue;
use engine::error::Result;

/// Numbers about an outbound webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The webhook.
    pub outbound_id: i64,
    /// Since when its handler does nothing but fail, Unix seconds.
    pub failing_since: Option<i64>,
    /// Whether the portal has switched it off.
    pub disabled: bool,
    /// Deliveries that wait, or are being sent.
    pub waiting: i64,
    /// Events that are kept while it is off.
    pub held: i64,
    /// Deliveries that were given up since the webhook was made; what leaves the log still counts.
    pub given_up: i64,
}

/// Those of every webhook, but for those of `portreeve listen`. It counts what is open, which takes a while when there are
/// millions.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Figures>> {
    let mut open: HashMap<i64, [i64; 2]> = HashMap::new();
    for backlog in queue::backlogs(tx)? {
        let [waiting, held] = open.entry(backlog.outbound_id).or_default();
        *waiting += backlog.waiting + backlog.leased;
        *held += backlog.held;
    }
    let sql =
        "SELECT id, failing_since, disabled_because, given_up FROM outbound WHERE heard IS NULL ORDER BY id";
    let mut found = Vec::new();
    tx.query(sql, &[], |row| {
        let id = row.int(0)?;
        let [waiting, held] = open.get(&id).copied().unwrap_or_default();
        found.push(Figures {
            outbound_id: id,
            failing_since: row.opt_int(1)?,
            disabled: row.opt_text(2)?.is_some(),
            waiting,
            held,
            given_up: row.int(3)?,
        });
        Ok(())
    })?;
    Ok(found)
}
