//! The entries that are due, and who works on them.

use store::{Param, Tx};

use super::Job;
use crate::clock::Now;
use crate::error::Result;
use crate::modules::Modules;
use crate::moment::Moment;

/// The right to run jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A random number of the holder's; to be made before the transaction, since that may run twice.
    pub number: i64,
    /// When it ends, on the machine's clock.
    pub until: Moment,
}

/// An entry that its holder alone runs until the lease ends.
#[derive(Clone, Debug)]
pub struct Leased {
    /// What is to be done.
    pub job: &'static Job,
    /// Which entry of that kind.
    pub key: String,
    /// The data for its run.
    pub payload: String,
    /// Runs before this one that failed.
    pub tries: i64,
    pub(super) lease: Lease,
}

/// What is due goes by the portal's time, and leases by the machine's, which nobody freezes.
const IS_DUE: &str = "(due <= ? AND lease IS NULL OR due <= ? AND lease IS NOT NULL)";

fn due(now: Now) -> [Param<'static>; 2] {
    [now.portal.0.into(), now.machine.0.into()]
}

/// Whether something of a known kind is due.
pub fn is_due(tx: &mut Tx<'_>, modules: &Modules, now: Now) -> Result<bool> {
    let (kinds, places) = known(modules);
    let sql = format!("SELECT 1 FROM job WHERE {IS_DUE} AND kind IN ({places}) LIMIT 1");
    let params: Vec<_> = due(now).into_iter().chain(kinds).collect();
    Ok(tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// Leases up to so many entries that are due, those that wait longest first. Kinds that only another version of the
/// program knows are left to it.
pub fn claim(tx: &mut Tx<'_>, modules: &Modules, most: usize, lease: Lease, now: Now) -> Result<Vec<Leased>> {
    let (kinds, places) = known(modules);
    let sql = format!(
        "UPDATE job SET due = ?, lease = ?, tries = tries + 1 WHERE (kind, name) IN (\
         SELECT kind, name FROM job WHERE {IS_DUE} AND kind IN ({places}) ORDER BY due LIMIT {most}{}) \
         RETURNING kind, name, payload, tries",
        tx.dialect().for_update_skip_locked()
    );
    let params = [lease.until.0.into(), lease.number.into()];
    let params: Vec<_> = params.into_iter().chain(due(now)).chain(kinds).collect();
    let mut found = Vec::new();
    tx.query(&sql, &params, |row| {
        let kind = row.text(0)?;
        let Some(job) = modules.jobs().find(|job| job.kind == kind) else { return Ok(()) };
        let (key, payload) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
        found.push(Leased { job, key, payload, tries: row.int(3)? - 1, lease });
        Ok(())
    })?;
    Ok(found)
}

/// The kinds that this version of the program knows, as parameters and their places.
fn known(modules: &Modules) -> (impl Iterator<Item = Param<'static>> + use<>, String) {
    let kinds: Vec<_> = modules.jobs().map(|job| Param::from(job.kind)).collect();
    let places = vec!["?"; kinds.len()].join(", ");
    (kinds.into_iter(), places)
}
