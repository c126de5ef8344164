//! Removing contents that no row names.
//!
//! A content is first marked as loose and removed a day later, if it is loose still: a backup copies the database first
//! and then the contents that it names. First the row goes, which a foreign key allows only while no file names it, and
//! then what is stored, under a key that is never given again; unless a snapshot of the database names it, which needs it when
//! it is restored. What is stored without a row, because the call that
//! brought it failed, is removed when it is a day old; no call takes so long.

use std::time::{Duration, SystemTime};

use blobs::Blobs;
use store::{Param, Tx};

use crate::Core;
use crate::entity::schema;
use crate::error::Result;
use crate::moment::Moment;

/// How long a content is kept that no row names, in seconds.
pub const GRACE: i64 = 24 * 3600;

/// Rows that one transaction looks at or changes.
const STEP: i64 = 500;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Contents that had been named once.
    pub loose: usize,
    /// Contents that no transaction ever named.
    pub orphans: usize,
}

/// Removes what has been loose for a day, and marks what became loose.
///
/// # Errors
/// When the database or the store of contents fails. What is left is found next time.
pub async fn loose(core: &Core, now: Moment) -> Result<usize> {
    let mut removed = 0;
    for area in Blobs::areas() {
        let mut after = area.clone();
        loop {
            let (area, from) = (area.clone(), after);
            let found = core.store.read(move |tx: &mut Tx<'_>| candidates(tx, &area, &from, now)).await?;
            let Some(last) = found.last().cloned() else { break };
            let keys = core.store.write(move |tx: &mut Tx<'_>| let_go(tx, &found, now)).await?;
            let keys = in_no_snapshot(core, keys)?;
            removed += keys.len();
            core.blobs.delete(keys).await?;
            after = last;
        }
    }
    Ok(removed)
}

/// The next contents, behind that hash, that no file names and that are to be marked or removed.
fn candidates(tx: &mut Tx<'_>, area: &str, after: &str, now: Moment) -> Result<Vec<String>> {
    let sql = "SELECT c.hash FROM portal_content c WHERE c.hash > ? AND c.hash < ? \
               AND (c.loose IS NULL OR c.loose <= ?) \
               AND NOT EXISTS (SELECT 1 FROM portal_file f WHERE f.hash = c.hash) ORDER BY c.hash LIMIT ?";
    // Behind all hexadecimal digits.
    let end = format!("{area}g");
    let params = [after.into(), end.as_str().into(), (now.seconds() - GRACE).into(), STEP.into()];
    Ok(tx.all(sql, &params, |row| Ok(row.text(0)?.to_owned()))?)
}

/// Removes the rows of contents that have been loose for long enough, and gives their keys. Others are marked.
fn let_go(tx: &mut Tx<'_>, hashes: &[String], now: Moment) -> Result<Vec<String>> {
    const UNNAMED: &str = "NOT EXISTS (SELECT 1 FROM portal_file f WHERE f.hash = portal_content.hash)";
    let mark = format!("UPDATE portal_content SET loose = ? WHERE hash = ? AND loose IS NULL AND {UNNAMED}");
    let remove = format!("DELETE FROM portal_content WHERE hash = ? AND loose <= ? AND {UNNAMED}");
    let mut keys = Vec::new();
    for hash in hashes {
        if tx.execute(&mark, &[now.seconds().into(), hash.as_str().into()])? > 0 {
            continue;
        }
        let sql = "SELECT key FROM portal_content WHERE hash = ?";
        let key = tx.one(sql, &[hash.as_str().into()], |row| Ok(row.text(0)?.to_owned()))?;
        let end = Param::from(now.seconds() - GRACE);
        if tx.execute(&remove, &[hash.as_str().into(), end])? > 0 {
            keys.extend(key);
        }
    }
    Ok(keys)
}

/// Removes contents that are stored, but have no row.
///
/// # Errors
/// As [`loose`] has them.
pub async fn orphans(core: &Core, now: Moment) -> Result<usize> {
    let seconds = u64::try_from(now.seconds() - GRACE).unwrap_or(0);
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let mut removed = 0;
    for area in Blobs::areas() {
        let stored = core.blobs.stored_before(&area, moment).await?;
        for keys in stored.chunks(STEP as usize) {
            let keys = keys.to_vec();
            let unknown = core.store.read(move |tx: &mut Tx<'_>| unknown(tx, &keys)).await?;
            let unknown = in_no_snapshot(core, unknown)?;
            removed += unknown.len();
            core.blobs.delete(unknown).await?;
        }
    }
    Ok(removed)
}

/// Removes a content that was stored under that key, unless a row has it.
///
/// # Errors
/// As [`loose`] has them.
pub async fn unless_named(core: &Core, key: String) -> Result<()> {
    let unknown = core.store.read(move |tx: &mut Tx<'_>| unknown(tx, std::slice::from_ref(&key))).await?;
    Ok(core.blobs.delete(unknown).await?)
}

/// Those of the keys that no snapshot has. Once the last one that has a key is removed, the content is one without a row.
fn in_no_snapshot(core: &Core, mut keys: Vec<String>) -> Result<Vec<String>> {
    if keys.is_empty() {
        return Ok(keys);
    }
    for snapshot in core.store.snapshots()? {
        let named = core.store.read_snapshot(&snapshot.name, |tx| -> Result<_> {
            // Not every snapshot has contents, and then it may not have their table.
            if schema::columns(tx, "portal_content")?.is_empty() {
                return Ok(keys.clone());
            }
            unknown(tx, &keys)
        });
        // One that was removed meanwhile needs nothing.
        keys = named?.unwrap_or(keys);
    }
    Ok(keys)
}

/// Those of the keys that no row has.
fn unknown(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<String>> {
    let mut unknown = Vec::new();
    for key in keys {
        let sql = "SELECT 1 FROM portal_content WHERE key = ?";
        if tx.one(sql, &[key.as_str().into()], |row| row.int(0))?.is_none() {
            unknown.push(key.clone());
        }
    }
    Ok(unknown)
}

/// Both.
///
/// # Errors
/// As [`loose`] has them.
pub async fn all(core: &Core, now: Moment) -> Result<Collected> {
    Ok(Collected { loose: loose(core, now).await?, orphans: orphans(core, now).await? })
}
