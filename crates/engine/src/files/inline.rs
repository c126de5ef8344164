//! Moves contents out of the database, where versions before 2026-11 kept them.

use std::time::{Duration, Instant};

use blobs::{Blob, Blobs};
use bytes::Bytes;
use store::{Migration, Store, Tx, block_on};

use crate::error::Result;

/// What is left to do once all contents are out.
const MOVED: &[Migration] =
    &[Migration { version: 1, name: "moved", sql: "ALTER TABLE portal_file DROP COLUMN content;\n" }];

/// Contents that are moved together: so many, unless they have so many bytes.
const STEP: i64 = 64;
const STEP_BYTES: i64 = 32 << 20;

/// How often progress is told.
const NEWS: Duration = Duration::from_secs(5);

/// How long the last step may take.
const END: Duration = Duration::from_secs(3600);

/// Moves all contents. Quick when there is nothing to do; broken off, it goes on where it was.
///
/// # Errors
/// When the database or the store of contents fails.
pub fn move_out(store: &Store, blobs: &Blobs) -> Result<()> {
    let count = |tx: &mut Tx<'_>| -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM portal_file WHERE hash IS NULL";
        Ok(tx.one(sql, &[], |row| row.int(0))?.unwrap_or(0))
    };
    let all = store.read(count).wait()?;
    if all > 0 {
        tracing::info!(files = all, to = %blobs.location(), "files are moved out of the database");
    }
    let (mut moved, mut told) = (0, Instant::now());
    while moved < all {
        let some = match store.read(some).wait() {
            // Another node that started at the same time has moved the last ones, and the column is gone.
            Err(_) if store.read(count).wait()? == 0 => break,
            some => some?,
        };
        if some.is_empty() {
            break;
        }
        let (mut ids, mut contents) = (Vec::with_capacity(some.len()), Vec::with_capacity(some.len()));
        for (id, content) in some {
            ids.push(id);
            contents.push(block_on(blobs.hash(move || content))?);
        }
        let stored = block_on(blobs.put_all(contents))?;
        moved += ids.len() as i64;
        let rows: Vec<(i64, Blob)> = ids.into_iter().zip(stored).collect();
        store.write(move |tx: &mut Tx<'_>| point(tx, &rows)).wait()?;
        if told.elapsed() > NEWS {
            tracing::info!(moved, files = all, "files are moved out of the database");
            told = Instant::now();
        }
    }
    if all > 0 {
        tracing::info!(moved, "all files are out of the database");
    }
    let end = |tx: &mut Tx<'_>| {
        // Another node may be at it.
        tx.in_turn()?;
        Ok(store::migrate(tx, "files moved", MOVED)?)
    };
    store.write_within(END, end).wait()
}

/// The next files whose contents are in the database, and these.
fn some(tx: &mut Tx<'_>) -> Result<Vec<(i64, Bytes)>> {
    let (mut ids, mut bytes) = (Vec::new(), 0);
    let sql = "SELECT id, LENGTH(content) FROM portal_file WHERE hash IS NULL ORDER BY id LIMIT ?";
    tx.query(sql, &[STEP.into()], |row| {
        bytes += row.int(1)?;
        if ids.is_empty() || bytes <= STEP_BYTES {
            ids.push(row.int(0)?);
        }
        Ok(())
    })?;
    let mut some = Vec::with_capacity(ids.len());
    for id in ids {
        let sql = "SELECT content FROM portal_file WHERE id = ?";
        let content = tx.one(sql, &[id.into()], |row| Ok(Bytes::copy_from_slice(row.blob(0)?)))?;
        some.extend(content.map(|content| (id, content)));
    }
    Ok(some)
}

/// Has files name their contents where these are now.
fn point(tx: &mut Tx<'_>, rows: &[(i64, Blob)]) -> Result<()> {
    for (id, blob) in rows {
        super::hold(tx, &blob.into())?;
        let sql = "UPDATE portal_file SET hash = ?, content = ? WHERE id = ?";
        let nothing: &[u8] = &[];
        tx.execute(sql, &[blob.hash.as_str().into(), nothing.into(), (*id).into()])?;
    }
    Ok(())
}
