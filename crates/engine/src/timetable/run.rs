//! One run of an entry, and what becomes of it.

use std::sync::Arc;

use store::Tx;
use wire::{Map, Value};

use super::queue::{Lease, Leased};
use super::{Next, cancel};
use crate::Core;
use crate::delays::Delays;
use crate::error::{Error, Result};
use crate::method::{Method, Reply};
use crate::moment::Moment;
use crate::settings::Settings;

/// Seconds from a run that failed to the next; the last one is for all that follow.
pub(super) const DELAYS: Delays = Delays(&[5, 30, 120, 600, 1_800, 3_600, 10_800]);
/// Runs after which what does not come again by itself is given up: about a week.
const MAX: i64 = 60;
/// Bytes of an error that are kept.
const ERROR: usize = 500;
const SECOND: i64 = 1_000_000;

/// Runs methods as a user.
pub trait Act {
    /// Runs a method as a user without a webhook, in every scope and with all the user's rights.
    ///
    /// # Errors
    /// Those of the method.
    fn act_as(
        &self,
        tx: &mut Tx<'_>,
        user: (i64, bool),
        method: &str,
        params: Map,
        now: Moment,
    ) -> Result<Reply>;

    /// Runs a method that is in no list in the same way: what a module does by itself.
    ///
    /// # Errors
    /// Those of the method.
    fn perform_as(
        &self,
        tx: &mut Tx<'_>,
        user: (i64, bool),
        method: &'static Method,
        params: Map,
        now: Moment,
    ) -> Result<Reply>;
}

/// The context of a run.
pub struct Task<'c, 'tx> {
    /// The transaction. It also ends or moves the entry.
    pub tx: &'c mut Tx<'tx>,
    /// The shared state of the portal.
    pub core: &'c Core,
    /// The settings that hold, as of this transaction.
    pub settings: Arc<Settings>,
    /// Which entry of its kind it is.
    pub key: &'c str,
    /// The data that it was scheduled with, or that the step before passed on.
    pub payload: &'c str,
    /// When the run began, on the portal's clock.
    pub now: Moment,
    act: &'c dyn Act,
}

impl Task<'_, '_> {
    /// Runs a method as a user, whether an administrator or not, with its checks and its events.
    ///
    /// # Errors
    /// Those of the method.
    pub fn act_as(&mut self, user: (i64, bool), method: &str, params: Map) -> Result<Reply> {
        self.act.act_as(self.tx, user, method, params, self.now)
    }

    /// Runs a method that is in no list in the same way: what a module does by itself.
    ///
    /// # Errors
    /// Those of the method.
    pub fn perform_as(&mut self, user: (i64, bool), method: &'static Method, params: Map) -> Result<Reply> {
        self.act.perform_as(self.tx, user, method, params, self.now)
    }

    /// Runs a step of long work in the name of the portal: a method that is in no list and tells whether there is more to do,
    /// which follows at once.
    ///
    /// # Errors
    /// Those of the method.
    pub fn step(&mut self, method: &'static Method, params: Map) -> Result<Next> {
        let more = self.perform_as((0, true), method, params)?.result;
        Ok(if more == Value::Bool(true) { Next::On(String::new()) } else { Next::Done })
    }
}

/// How far a run came.
#[derive(Clone, Debug)]
pub enum Progress {
    /// To its end.
    Ended,
    /// The next step is to follow at once.
    More(Leased),
    /// Nowhere: the lease is another's by now, or the entry was cancelled or scheduled anew.
    Lost,
}

/// Runs one step of an entry, in this transaction; prolongs the lease to `until`, on the machine's clock, if there is more
/// to do.
///
/// # Errors
/// Those of the job: the transaction is to be undone, and [`failed`] called in another one.
pub fn run(
    tx: &mut Tx<'_>,
    core: &Core,
    act: &dyn Act,
    leased: &Leased,
    until: Moment,
    now: Moment,
) -> Result<Progress> {
    if !is_ours(tx, leased)? {
        return Ok(Progress::Lost);
    }
    let settings = core.current(tx)?.settings;
    let (key, payload) = (leased.key.as_str(), leased.payload.as_str());
    let mut task = Task { tx, core, settings, key, payload, now, act };
    let next = (leased.job.run)(&mut task)?;
    // The run may have scheduled or cancelled its own entry, which then holds.
    if !is_ours(tx, leased)? {
        return Ok(Progress::Ended);
    }
    let at = match next {
        Next::On(payload) => {
            let more = Leased { payload, tries: 0, lease: Lease { until, ..leased.lease }, ..leased.clone() };
            let sql =
                "UPDATE job SET due = ?, payload = ?, tries = 1, error = NULL WHERE kind = ? AND name = ?";
            let more_params =
                [until.0.into(), more.payload.as_str().into(), leased.job.kind.into(), key.into()];
            tx.execute(sql, &more_params)?;
            return Ok(Progress::More(more));
        }
        Next::At(at) => Some((at, payload)),
        Next::Done => leased.job.every.map(|every| (Moment(now.0 + every * SECOND), "")),
    };
    let Some((at, payload)) = at else {
        cancel(tx, leased.job, key)?;
        return Ok(Progress::Ended);
    };
    let sql = "UPDATE job SET due = ?, payload = ?, tries = 0, lease = NULL, error = NULL \
               WHERE kind = ? AND name = ?";
    tx.execute(sql, &[at.0.into(), payload.into(), leased.job.kind.into(), key.into()])?;
    Ok(Progress::Ended)
}

/// Reads the entry under a lock where the engine has any, so that nobody changes it while it runs.
fn is_ours(tx: &mut Tx<'_>, leased: &Leased) -> Result<bool> {
    let sql = "UPDATE job SET lease = lease WHERE kind = ? AND name = ? AND lease = ?";
    let params = [leased.job.kind.into(), leased.key.as_str().into(), leased.lease.number.into()];
    Ok(tx.execute(sql, &params)? > 0)
}

/// What becomes of an entry whose run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is run again then.
    Again(Moment),
    /// It failed too often.
    GivenUp,
    /// It is another's by now.
    Lost,
}

/// Has an entry whose run failed run again later, or gives it up.
pub fn failed(tx: &mut Tx<'_>, leased: &Leased, why: &Error, now: Moment) -> Result<Fate> {
    if !is_ours(tx, leased)? {
        return Ok(Fate::Lost);
    }
    if leased.tries + 1 >= MAX && leased.job.every.is_none() {
        cancel(tx, leased.job, &leased.key)?;
        return Ok(Fate::GivenUp);
    }
    let at = Moment(now.0 + DELAYS.after(leased.tries));
    let mut why = why.to_string();
    why.truncate(why.floor_char_boundary(ERROR));
    let sql = "UPDATE job SET due = ?, lease = NULL, error = ? WHERE kind = ? AND name = ?";
    tx.execute(sql, &[at.0.into(), why.into(), leased.job.kind.into(), leased.key.as_str().into()])?;
    Ok(Fate::Again(at))
}
