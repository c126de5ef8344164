//! Snapshots of a portal: everything that it knows, kept under a name and brought back.
//!
//! The contents of files are not in them: the collector leaves alone what a snapshot names. What is in memory follows a
//! restore by its [era](Meta::begin_era).

use engine::meta::Meta;
use engine::settings::Settings;
use engine::{Error, Moment, Result, clock, state, timetable};
use store::{Options, Pending, Tx};
use webhooks::outbound::queue;

use crate::portal::Portal;
use crate::prepare::{prepare, prepared};

pub use store::{Snapshot, SnapshotName};

impl Portal {
    /// Keeps the portal as it is under a name, in the place of an earlier snapshot of that name. Blocks; calls go on.
    ///
    /// # Errors
    /// Those of the store.
    pub fn save_snapshot(&self, name: &SnapshotName) -> Result<Snapshot> {
        // What this process has counted and logged so far belongs to it.
        self.flush_calls().wait()?;
        self.flush_usage().try_for_each(Pending::wait)?;
        Ok(self.core().store.save_snapshot(name)?)
    }

    /// All snapshots, by name. Blocks.
    ///
    /// # Errors
    /// Those of the store.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>> {
        Ok(self.core().store.snapshots()?)
    }

    /// Removes a snapshot; false when there is none. Blocks.
    ///
    /// # Errors
    /// Those of the store.
    pub fn delete_snapshot(&self, name: &SnapshotName) -> Result<bool> {
        Ok(self.core().store.delete_snapshot(name)?)
    }

    /// Has a new portal beside this one filled, and keeps it as a snapshot. It begins with what every portal has, in the
    /// portal's language. Blocks.
    ///
    /// # Errors
    /// Those of `fill` and of the store.
    pub fn make_snapshot<E: From<Error> + From<store::Error>>(
        &self,
        name: &SnapshotName,
        machine: Moment,
        fill: impl FnOnce(&Portal) -> std::result::Result<(), E>,
    ) -> std::result::Result<Snapshot, E> {
        let core = self.core();
        core.store.make_snapshot(name, |location| {
            let options = Options { readers: 1, long_readers: 1, writers: 1, ..Options::default() };
            let (keys, blobs) = (core.keys.clone(), core.blobs.clone());
            let settings = Settings { language: core.settings().language, ..core.started.clone() };
            let made = Portal::open_with(core.modules, location, &options, keys, settings, blobs, machine)?;
            let filled = fill(&made);
            made.core().store.clone().close();
            filled
        })
    }

    /// Brings the whole portal back to a snapshot, all at once: every call, on whatever node, is before it or after it. What
    /// an earlier version of the program saved is brought up to date on its way. The values of [`state`] under the names
    /// of `kept` stay as they are now: those that are about where the portal is. False when there is no such snapshot.
    /// Blocks; whoever writes waits.
    ///
    /// # Errors
    /// Those of the store, [`store::Error::Newer`] among them; nothing was done then.
    pub fn restore(&self, name: &SnapshotName, kept: &[&str], machine: Moment) -> Result<bool> {
        let core = self.core();
        let names: Vec<String> = kept.iter().map(|name| (*name).to_owned()).collect();
        let before = move |tx: &mut Tx<'_>| {
            let values = names.iter().map(|name| Ok((name.clone(), state::get(tx, name)?)));
            let values = values.collect::<Result<Vec<_>>>()?;
            Result::Ok((Meta::current_era(tx)?, prepared(tx)?, values))
        };
        let (era, here, values) = core.store.read(before).wait()?;
        let done = core.store.restore_snapshot(name, |tx| -> Result<()> {
            if prepared(tx)? != here {
                prepare(tx, core.modules, &core.started, machine)?;
            }
            for (name, value) in &values {
                match value {
                    Some(value) => state::set(tx, name, value)?,
                    None => state::forget(tx, name)?,
                }
            }
            // Whoever held these does so at another time than this.
            let now = clock::load(tx)?.at(machine);
            queue::release_all(tx, now)?;
            timetable::release_all(tx, now)?;
            Meta::begin_era(tx, machine.0.max(era + 1))
        })?;
        if done.is_none() {
            return Ok(false);
        }
        let runner = self.runner.clone();
        core.store.read(move |tx: &mut Tx<'_>| runner.current(tx).map(drop)).wait()?;
        Ok(true)
    }
}
