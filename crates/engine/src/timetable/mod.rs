//! The timetable: work that is due at a time. A module declares kinds of [`Job`]s. Entries of the table `job` are scheduled
//! with the change that they follow from, leased by the worker of one node (see `portreeve::timetable`), and run in
//! a transaction that also ends, moves or continues the entry. What a run changes in the database thus happens exactly
//! once; only what it does beside the database may happen twice.

mod queue;
mod run;

use store::Tx;

use crate::clock::LONGEST_LEASE;
use crate::error::Result;
use crate::moment::Moment;

pub use queue::{Lease, Leased, claim, is_due};
pub use run::{Act, Fate, Progress, Task, failed, run};

/// A kind of work that is due at a time.
#[derive(Clone, Copy)]
pub struct Job {
    /// Its name, never changed: what is scheduled is stored under it. Begins with the module's.
    pub kind: &'static str,
    /// Does it; short, since others wait to write. What takes long goes [on](Next::On) in a transaction of its own.
    pub run: fn(&mut Task<'_, '_>) -> Result<Next>,
    /// Of work that always comes again: after how many seconds.
    pub every: Option<i64>,
}

/// What follows a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing, unless the job comes again by itself.
    Done,
    /// The same again at that time.
    At(Moment),
    /// The rest, at once, with this payload.
    On(String),
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Job({})", self.kind)
    }
}

/// Schedules a job, with data for its run. There is one entry for each kind and key: the last call holds. An entry of
/// which a run is under way is replaced as well, and the run is undone.
pub fn schedule(tx: &mut Tx<'_>, job: &Job, key: &str, due: Moment, payload: &str) -> Result<()> {
    let sql = "INSERT INTO job (kind, name, due, payload, tries) VALUES (?, ?, ?, ?, 0) \
               ON CONFLICT (kind, name) DO UPDATE SET due = excluded.due, payload = excluded.payload, \
               tries = 0, lease = NULL, error = NULL";
    tx.execute(sql, &[job.kind.into(), key.into(), due.0.into(), payload.into()])?;
    Ok(())
}

/// Takes a job off the timetable; false when it was not there.
pub fn cancel(tx: &mut Tx<'_>, job: &Job, key: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM job WHERE kind = ? AND name = ?", &[job.kind.into(), key.into()])? > 0)
}

/// When a job is due, if it is scheduled.
pub fn due(tx: &mut Tx<'_>, job: &Job, key: &str) -> Result<Option<Moment>> {
    let sql = "SELECT due FROM job WHERE kind = ? AND name = ?";
    Ok(tx.one(sql, &[job.kind.into(), key.into()], |row| row.int(0))?.map(Moment))
}

/// Has what comes again and what failed not wait for a time that lies further ahead than it should, since the clock was set
/// back.
pub fn set_back<'a>(tx: &mut Tx<'_>, jobs: impl Iterator<Item = &'a Job>, now: Moment) -> Result<()> {
    let again = "UPDATE job SET due = ? WHERE kind = ? AND due > ? AND lease IS NULL";
    for (kind, every) in jobs.filter_map(|job| Some((job.kind, job.every?))) {
        let next = now.0.saturating_add(every.saturating_mul(1_000_000));
        tx.execute(again, &[next.into(), kind.into(), next.into()])?;
    }
    let failed = format!(
        "UPDATE job SET due = ? WHERE tries > 0 AND lease IS NULL AND due - {} > ?",
        run::DELAYS.sql("tries - 1")
    );
    tx.execute(&failed, &[now.0.into(), now.0.into()])?;
    Ok(())
}

/// Has what is under way run anew, at once: whoever runs it does so at another time than this.
pub fn release_all(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let sql = "UPDATE job SET due = ?, lease = NULL WHERE lease IS NOT NULL";
    tx.execute(sql, &[now.0.into()])?;
    Ok(())
}

/// Has what is under way run anew whose lease ends later than any that is given now: the machine's clock was set back. Whoever
/// runs it finds the lease lost, and nothing is done twice.
pub fn release_ahead(tx: &mut Tx<'_>, machine: Moment, now: Moment) -> Result<()> {
    let sql = "UPDATE job SET due = ?, lease = NULL WHERE lease IS NOT NULL AND due > ?";
    tx.execute(sql, &[now.0.into(), machine.0.saturating_add(LONGEST_LEASE).into()])?;
    Ok(())
}

/// Schedules what always comes again, unless it is.
pub fn seed<'a>(tx: &mut Tx<'_>, jobs: impl Iterator<Item = &'a Job>, now: Moment) -> Result<()> {
    let sql = "INSERT INTO job (kind, name, due, payload, tries) VALUES (?, '', ?, '', 0) \
               ON CONFLICT (kind, name) DO NOTHING";
    for job in jobs.filter(|job| job.every.is_some()) {
        tx.execute(sql, &[job.kind.into(), now.0.into()])?;
    }
    Ok(())
}
