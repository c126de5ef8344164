//! The operating time of webhooks and methods.

use std::collections::HashMap;

use parking_lot::Mutex;
use store::{Row, Tx};

use crate::Core;
use crate::error::{Error, Result};
use crate::moment::Moment;

/// Length of one slot of the sliding window, in seconds.
const SLOT: i64 = 60;
/// Number of slots: the window is ten minutes.
const SLOTS: usize = 10;
/// Calls up to this many seconds are not recorded, as Bitrix24 does.
const UNCOUNTED: f64 = 0.1;

/// The operating time in the `time` block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Operating {
    /// Seconds used within the window.
    pub seconds: f64,
    /// Unix second at which the oldest slot falls out of the window.
    pub reset_at: i64,
}

impl Operating {
    /// Nothing used: the window ends ten minutes from now.
    pub fn unused(now: Moment) -> Self {
        Window::default().operating(now.seconds())
    }
}

#[derive(Debug, Default, Clone)]
struct Window {
    /// (start of the slot, first call in it, seconds used), oldest first.
    slots: Vec<(i64, i64, f64)>,
}

impl Window {
    /// Forgets what fell out of the window, and what lies ahead because the clock was set back.
    fn forget(&mut self, now: i64) {
        self.slots.retain(|(start, _, _)| (0..SLOT * SLOTS as i64).contains(&(now - start)));
    }

    fn operating(&self, now: i64) -> Operating {
        let seconds = self.slots.iter().map(|(_, _, used)| used).sum();
        let first = self.slots.first().map_or(now, |(_, first, _)| *first);
        Operating { seconds, reset_at: first + SLOT * SLOTS as i64 }
    }
}

/// The operating time of all webhooks and methods.
#[derive(Debug, Default)]
pub struct OperatingTimes(Mutex<HashMap<(i64, &'static str), Window>>);

impl OperatingTimes {
    /// Forgets all of it.
    pub fn clear(&self) {
        self.0.lock().clear();
    }

    /// Time used so far.
    pub fn used(&self, hook: i64, method: &'static str, now: Moment) -> Operating {
        match self.0.lock().get_mut(&(hook, method)) {
            Some(window) => {
                window.forget(now.seconds());
                window.operating(now.seconds())
            }
            None => Operating::unused(now),
        }
    }

    /// Records a call that took `seconds`, and gives the time used including it.
    pub fn record(&self, hook: i64, method: &'static str, seconds: f64, now: Moment) -> Operating {
        if seconds <= UNCOUNTED {
            return self.used(hook, method, now);
        }
        let now = now.seconds();
        let mut windows = self.0.lock();
        let window = windows.entry((hook, method)).or_default();
        window.forget(now);
        let start = now - now.rem_euclid(SLOT);
        match window.slots.last_mut() {
            Some((last, _, used)) if *last == start => *used += seconds,
            _ => window.slots.push((start, now, seconds)),
        }
        window.operating(now)
    }
}

/// The time used so far, counted by all nodes.
///
/// # Errors
/// Those of the store.
pub fn used_by_all(tx: &mut Tx<'_>, (hook, method): (i64, &str), now: Moment) -> Result<Operating> {
    let sql = "SELECT slot, first, seconds FROM limit_time WHERE hook_id = ? AND method = ? ORDER BY slot";
    let slot = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?, row.real(2)?));
    let mut window = Window { slots: tx.all(sql, &[hook.into(), method.into()], slot)? };
    window.forget(now.seconds());
    Ok(window.operating(now.seconds()))
}

/// Adds a call to what all nodes count, and gives the time used with it. The answer does not wait until that is written.
pub fn record_for_all(
    core: &Core,
    before: Operating,
    (hook, method): (i64, &'static str),
    seconds: f64,
    now: Moment,
) -> Operating {
    if seconds <= UNCOUNTED {
        return before;
    }
    let now = now.seconds();
    let add = move |tx: &mut Tx<'_>| {
        let sql = "INSERT INTO limit_time AS t (hook_id, method, slot, first, seconds) VALUES (?, ?, ?, ?, ?) \
                   ON CONFLICT (hook_id, method, slot) DO UPDATE SET seconds = t.seconds + excluded.seconds";
        let slot = now - now.rem_euclid(SLOT);
        tx.execute(sql, &[hook.into(), method.into(), slot.into(), now.into(), seconds.into()])?;
        Ok::<_, Error>(())
    };
    // Whoever would wait for it cannot do anything about its failure either.
    drop(core.store.write_lightly(add));
    Operating { seconds: before.seconds + seconds, ..before }
}

/// Removes what fell out of every window.
pub(super) fn sweep(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let (first, last) = (now.seconds() - SLOT * SLOTS as i64, now.seconds() + SLOT);
    tx.execute("DELETE FROM limit_time WHERE slot < ? OR slot > ?", &[first.into(), last.into()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn operating_time_adds_up_and_falls_out_of_the_window() {
        let times = OperatingTimes::default();
        assert_eq!(times.record(1, "crm.lead.list", 0.05, Moment(0)).seconds, 0.0);
        times.record(1, "crm.lead.list", 300.0, Moment(5 * SECOND));
        let used = times.record(1, "crm.lead.list", 200.0, Moment(65 * SECOND));
        assert_eq!(used, Operating { seconds: 500.0, reset_at: 605 });
        assert_eq!(times.used(2, "crm.lead.list", Moment(65 * SECOND)).seconds, 0.0);
        assert_eq!(times.used(1, "crm.lead.list", Moment(601 * SECOND)).seconds, 200.0);
    }
}
