//! What gathers in memory while calls are answered and is written now and then: stamps of last use, counts, the log.

use engine::Result;
use engine::meta::Meta;
use store::{Pending, Tx};
use webhooks::calls::{self, Calls};
use webhooks::hooks;
use webhooks::usage::{self, Counts};

use crate::portal::Portal;
use crate::run::Runner;

impl Portal {
    /// Counts for the statistics that are not written yet.
    pub fn counts(&self) -> &Counts {
        &self.runner.counts
    }

    /// Calls for the log that are not written yet.
    pub fn calls(&self) -> &Calls {
        &self.runner.calls
    }

    /// Writes the calls that have gathered into their log. It does not wait for the disk.
    pub fn flush_calls(&self) -> Pending<Result<()>> {
        let (era, gathered) = self.gathered(|runner| runner.calls.take());
        let most = self.core().settings().call_log.calls;
        if gathered.is_empty() {
            return Pending::ready(Ok(()));
        }
        self.core()
            .store
            .write_lightly(move |tx: &mut Tx<'_>| in_era(tx, era, |tx| calls::flush(tx, &gathered, most)))
    }

    /// The [era](Meta::begin_era) of what gathers.
    pub fn era(&self) -> i64 {
        *self.runner.era.read()
    }

    /// What has gathered, with the era that it is of.
    fn gathered<T>(&self, take: impl FnOnce(&Runner) -> T) -> (i64, T) {
        let era = self.runner.era.read();
        (*era, take(&self.runner))
    }

    /// Writes the stamps of last use and the counts that have gathered, in steps between which others write. Each step
    /// is to be awaited before the next: they add to the same rows.
    pub fn flush_usage(&self) -> impl Iterator<Item = Pending<Result<()>>> + Send {
        /// The number of rows that one transaction writes.
        const STEP: usize = 250;
        let (store, same) = (self.core().store.clone(), self.core().store.clone());
        let (era, (stamps, counts)) = self.gathered(|runner| (runner.usage.take(), runner.counts.take()));
        let stamps = stamps.chunks(STEP).map(<[_]>::to_vec).collect::<Vec<_>>();
        let counts = counts.chunks(STEP).map(<[_]>::to_vec).collect::<Vec<_>>();
        let stamps = stamps.into_iter().map(move |step| {
            store.write(move |tx: &mut Tx<'_>| in_era(tx, era, |tx| hooks::flush(tx, &step)))
        });
        let counts = counts.into_iter().map(move |step| {
            same.write(move |tx: &mut Tx<'_>| in_era(tx, era, |tx| usage::flush(tx, &step)))
        });
        stamps.chain(counts)
    }
}

/// Does what is about something that gathered in an era, unless the portal is in another one by now.
fn in_era(tx: &mut Tx<'_>, era: i64, job: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<()> {
    if Meta::current_era(tx)? == era { job(tx) } else { Ok(()) }
}
