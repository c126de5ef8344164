//! Contents of files: that those that rows name are stored, and whether others are.

use std::time::Duration;

use portal::files::{BlobError, Blobs, Location as Stored};
use store::{Error, Location, Tx, block_on, inspect};

use super::report::Report;
use crate::clock;
use crate::filestore::FileStore;
use crate::place::Place;

const OF: &str = "files";
/// Contents that are looked for unless all are to be.
const SAMPLE: i64 = 500;
/// Areas of the store that are looked through then.
const AREAS: usize = 8;
/// Contents that one step looks for.
const STEP: i64 = 1000;
/// A text behind all hexadecimal digits.
const BEHIND: &str = "g";
const LIMIT: Duration = Duration::from_secs(60);
/// Seconds after which a content that no row names should have been removed.
const GRACE: i64 = 2 * 86_400;
const RESTORE: &str =
    "put the contents back from a backup, under the same names; links to them answer 404 meanwhile";

/// A content that a row names.
#[derive(Clone, PartialEq, Eq)]
struct Content {
    hash: String,
    key: String,
    size: u64,
}

/// Looks for them.
pub fn check(report: &mut Report, place: &Place, location: &Location, deep: bool) {
    match look(report, place, location, deep) {
        Ok(Some(looked)) => report.well(OF, looked),
        Ok(None) => {}
        Err(error) => {
            let advice = "see that the store of files answers, and check --files and its credentials";
            report.fail(OF, format!("{error:#}"), advice);
        }
    }
}

fn look(
    report: &mut Report,
    place: &Place,
    database: &Location,
    deep: bool,
) -> anyhow::Result<Option<String>> {
    let count = "SELECT count(*) FROM portal_content";
    let all = inspect(database, LIMIT, |tx| tx.one(count, &[], |row| row.int(0)))?.unwrap_or(0);
    if let Some(blobs) = open(report, &place.files, place, all)? {
        let (looked, lost) = named(&blobs, database, deep)?;
        let orphans = block_on(unnamed(&blobs, database, deep))?;
        tell(report, &lost, orphans);
        let how = if deep { "all are there, with the content that they had" } else { "there" };
        return Ok(Some(format!("{all} contents in {}, {looked} looked for: {how}", blobs.location())));
    }
    Ok(None)
}

/// Opens the store, unless that would make it.
fn open(report: &mut Report, files: &FileStore, place: &Place, all: i64) -> anyhow::Result<Option<Blobs>> {
    if let Stored::Folder(folder) = files.location(&place.data)?
        && !folder.is_dir()
    {
        let found = format!("{} is missing, and {all} contents with it", folder.display());
        match all {
            0 => report.ok(OF, "there are none"),
            _ => report.fail(OF, found, "put it back from a backup, or correct --files"),
        }
        return Ok(None);
    }
    files.open(&place.data).map(Some)
}

fn tell(report: &mut Report, lost: &[String], orphans: usize) {
    if let Some(first) = lost.first() {
        report.fail(
            OF,
            format!("{} contents are missing or damaged, the first {first}", lost.len()),
            RESTORE,
        );
    }
    if orphans > 0 {
        report.warn(
            OF,
            format!("{orphans} contents are named by no row, and are older than two days"),
            "a server without --no-deliveries removes them within a day, unless a snapshot names them; its log says why it cannot",
        );
    }
}

/// Looks for contents that rows name: how many, and which of them are not as they were.
fn named(blobs: &Blobs, database: &Location, deep: bool) -> anyhow::Result<(usize, Vec<String>)> {
    // Hashes lie everywhere: what follows a random one is a sample.
    let from = portal::keys::hex(&portal::keys::random::<4>());
    let spans = match deep {
        true => vec![(String::new(), BEHIND.to_owned())],
        false => vec![(from.clone(), BEHIND.to_owned()), (String::new(), from)],
    };
    let (mut looked, mut lost, mut left) = (0, Vec::new(), if deep { i64::MAX } else { SAMPLE });
    for (mut after, end) in spans {
        while left > 0 {
            let contents = inspect(database, LIMIT, |tx| contents(tx, (&after, &end), STEP.min(left)))?;
            let Some(last) = contents.last() else { break };
            after.clone_from(&last.hash);
            (looked, left) = (looked + contents.len(), left - contents.len() as i64);
            for content in block_on(wrong(blobs, contents, deep))? {
                // It may have been removed since, with its row.
                if inspect(database, LIMIT, |tx| is_named(tx, &content.key))? {
                    lost.push(content.key);
                }
            }
        }
    }
    Ok((looked, lost))
}

fn contents(tx: &mut Tx<'_>, (after, end): (&str, &str), most: i64) -> Result<Vec<Content>, Error> {
    let sql = "SELECT hash, key, size FROM portal_content WHERE hash > ? AND hash <= ? ORDER BY hash LIMIT ?";
    tx.all(sql, &[after.into(), end.into(), most.into()], |row| {
        let size = u64::try_from(row.int(2)?).unwrap_or(0);
        Ok(Content { hash: row.text(0)?.to_owned(), key: row.text(1)?.to_owned(), size })
    })
}

fn is_named(tx: &mut Tx<'_>, key: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM portal_content WHERE key = ?";
    Ok(tx.one(sql, &[key.into()], |row| row.int(0))?.unwrap_or(0) > 0)
}

/// Those that are not there, or not as they were.
async fn wrong(blobs: &Blobs, contents: Vec<Content>, deep: bool) -> Result<Vec<Content>, BlobError> {
    let keys = contents.iter().map(|content| content.key.clone()).collect();
    let sizes: std::collections::HashMap<String, u64> = blobs.sizes(keys).await?.into_iter().collect();
    let mut wrong = Vec::new();
    for content in contents {
        let mut whole = sizes.get(&content.key) == Some(&content.size);
        if whole && deep {
            whole = match blobs.digest(&content.key).await {
                Ok(hash) => hash == content.hash,
                Err(BlobError::Missing(_)) => false,
                Err(error) => return Err(error),
            };
        }
        if !whole {
            wrong.push(content);
        }
    }
    Ok(wrong)
}

/// How many contents no row names, of those that should have been removed by now.
async fn unnamed(blobs: &Blobs, database: &Location, deep: bool) -> anyhow::Result<usize> {
    let areas: Vec<String> = Blobs::areas().collect();
    let first = usize::from(portal::keys::random::<1>()[0]);
    let sampled = areas.iter().cycle().skip(first).take(if deep { areas.len() } else { AREAS });
    let (old, mut orphans) = (clock::machine().seconds() - GRACE, 0);
    for area in sampled {
        let keys = blobs.stored(area).await?.into_iter().filter(|(_, stored)| *stored < old);
        for (key, _) in keys {
            orphans += usize::from(!inspect(database, LIMIT, |tx| is_named(tx, &key))?);
        }
    }
    Ok(orphans)
}
