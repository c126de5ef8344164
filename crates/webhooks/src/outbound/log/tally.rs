//! How many deliveries a search would find, by the time at which they were raised: counted in the log itself, so that the
//! numbers are those of the list, whatever it is narrowed by.

use std::collections::BTreeMap;

use store::Tx;

use super::search::{Way, floor, hooks, range};
use super::{Filter, State};
use engine::error::Result;
use engine::moment::Moment;

/// So many are looked at in one step where they lie together, and where they do not.
const STEP: i64 = 20_000;
const NARROW_STEP: i64 = 3_000;

/// Deliveries by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The handler has them.
    pub delivered: i64,
    /// They were given up.
    pub failed: i64,
    /// A person cancelled them.
    pub cancelled: i64,
    /// They wait, are being sent, or are held.
    pub open: i64,
}

impl Tally {
    /// Adds others to these.
    pub fn extend(&mut self, others: Tally) {
        self.delivered += others.delivered;
        self.failed += others.failed;
        self.cancelled += others.cancelled;
        self.open += others.open;
    }

    fn add(&mut self, state: State, count: i64) {
        match state {
            State::Delivered => self.delivered += count,
            State::Failed => self.failed += count,
            State::Cancelled => self.cancelled += count,
            State::Waiting | State::Sending | State::Held => self.open += count,
        }
    }
}

/// What a step counted.
#[derive(Clone, Debug, Default)]
pub struct Tallied {
    /// By the beginning of each unit of time since 1970, as far as there was something.
    pub units: BTreeMap<Moment, Tally>,
    /// From where to go on: [`Filter::before`] of the next step. `None` when all is counted.
    pub before: Option<i64>,
}

/// Counts a step of what a filter finds, the newest first, in units of so many microseconds.
pub fn tally(tx: &mut Tx<'_>, filter: &Filter, unit: i64) -> Result<Tallied> {
    let way = Way { hooks: hooks(tx, filter)?, failed: filter.state.is_some_and(State::is_given_up) };
    let range = range(tx, filter)?;
    let size = if way.is_dense(filter) { STEP } else { NARROW_STEP };
    let before = floor(tx, &way, range.clone(), size)?;
    let mut condition = way.condition(filter.owner);
    condition.and_with("d.id >= ?", before.unwrap_or(range.start).into());
    condition.and_with("d.id < ?", range.end.into());
    condition.and_matches(filter);
    let sql = format!(
        "SELECT d.raised / {unit}, d.state, d.cancelled, COUNT(*) FROM delivery d WHERE {} \
         GROUP BY d.raised / {unit}, d.state, d.cancelled",
        condition.sql()
    );
    let mut units: BTreeMap<Moment, Tally> = BTreeMap::new();
    tx.query(&sql, &condition.params, |row| {
        let begins = Moment(row.int(0)?.saturating_mul(unit));
        units.entry(begins).or_default().add(State::of(row.int(1)?, row.int(2)? == 1), row.int(3)?);
        Ok(())
    })?;
    Ok(Tallied { units, before })
}

/// When the oldest delivery was raised that is still there.
pub fn oldest(tx: &mut Tx<'_>) -> Result<Option<Moment>> {
    Ok(tx.one("SELECT raised FROM delivery ORDER BY id LIMIT 1", &[], |row| Ok(Moment(row.int(0)?)))?)
}
