//! Files of a copy, which are fetched once the rows are there.

use engine::Moment;
use engine::copy::files::{self, Tally, Waiting};
use engine::copy::{Copying, Step};
use engine::error::{Error, Result};
use engine::files::{Blob, collect};
use engine::moment::Clock;
use store::{Pending, Tx};

use super::{LONGEST, Read};
use crate::portal::Portal;

/// A file that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The name that it came under.
    pub name: String,
    /// Its MIME type, as far as it was said.
    pub content_type: Option<String>,
    /// Its content.
    pub blob: Blob,
}

/// The next files that wait.
pub fn waiting(portal: &Portal, most: i64) -> Pending<Result<Vec<Waiting>>> {
    portal.core().store.read(move |tx: &mut Tx<'_>| files::waiting(tx, most))
}

/// One of them, as it is noted by now; `None` when it waits no longer.
pub fn again(portal: &Portal, id: i64) -> Pending<Result<Option<Waiting>>> {
    portal.core().store.read(move |tx: &mut Tx<'_>| files::again(tx, id))
}

/// All in numbers.
pub fn tally(portal: &Portal) -> Pending<Result<Tally>> {
    portal.core().store.read(files::tally)
}

/// Keeps a file that was fetched, and puts it into its row.
///
/// # Errors
/// Those of the store and of the store of contents.
pub async fn keep(portal: &Portal, file: &Waiting, fetched: Fetched, now: Moment) -> Result<()> {
    let (file, key) = (file.clone(), fetched.blob.key.clone());
    let kept = move |tx: &mut Tx<'_>| {
        let Fetched { name, content_type, blob } = &fetched;
        files::keep(tx, &file, name, content_type.as_deref(), blob, now.seconds())
    };
    portal.core().store.write(kept).await?;
    // The same content may have been there already.
    collect::unless_named(portal.core(), key).await
}

/// Notes why a file cannot be fetched.
pub fn refuse(portal: &Portal, id: i64, reason: &str) -> Pending<Result<()>> {
    let reason = reason.to_owned();
    portal.core().store.write(move |tx: &mut Tx<'_>| files::refuse(tx, id, &reason))
}

/// Has those that were refused wait again.
pub fn try_again(portal: &Portal) -> Pending<Result<()>> {
    portal.core().store.write(files::try_again)
}

/// What rows that are only read for their links end with: nothing of them is kept.
enum Undone {
    Links(Vec<(i64, String)>),
    Failed(Error),
}

impl From<store::Error> for Undone {
    fn from(error: store::Error) -> Self {
        Undone::Failed(error.into())
    }
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Undone::Failed(error)
    }
}

/// Notes the links of rows that were read again. The rows themselves stay as they are: somebody may have changed them since.
///
/// # Errors
/// Those of the store.
pub async fn renew(portal: &Portal, step: &Step, read: Read, now: Moment) -> Result<()> {
    let (core, step) = (portal.core().clone(), step.clone());
    let look = move |tx: &mut Tx<'_>| -> std::result::Result<(), Undone> {
        let shared = core.current(tx)?;
        let clock = Clock { zone: &shared.settings.zone, now };
        let mut copying = Copying::new(tx, core.modules, shared.meta.clone(), clock);
        read.take(&step, &mut copying)?;
        Err(Undone::Links(files::links(copying.tx, now.seconds())?))
    };
    match portal.core().store.write_within(LONGEST, look).await {
        Err(Undone::Links(links)) => {
            let renew = move |tx: &mut Tx<'_>| files::renew(tx, &links, now.seconds());
            portal.core().store.write(renew).await
        }
        Err(Undone::Failed(error)) => Err(error),
        Ok(()) => Ok(()),
    }
}
