//! Files: a row for each, and its content in the [store of contents](Blobs), where the same content is stored once.
//!
//! A module keeps a file with [`put`], forgets it with [`delete`], and answers [`link`]s to it; [`open`] is what a link
//! leads to. A content is stored before the transaction that names it, see [`Uploads`], and removed by [`collect`] when
//! no row has named it for a day.

pub mod collect;
pub mod inline;
pub mod ticket;

mod link;
mod making;
mod uploads;

use std::collections::HashMap;

use store::{Migration, Param, Tx};

pub use bytes::Bytes;

pub use blobs::{Blob, Blobs, Error as BlobError, Location, Pixels, Reading, S3, Secret};
pub use link::{LIFETIME, link, open, public_link, publish, send, withdraw};
pub(crate) use link::{sign, signed_by_us};
pub use making::{Made, Making};
pub use uploads::decode as decoded;
pub(crate) use uploads::decoded_size;
pub use uploads::{Content, Uploads};

use crate::call::Call;
use crate::entity::file::clean;
use crate::error::{Error, Result};
use uploads::Stored;

/// The history of the tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "contents", sql: include_str!("contents.sql") },
    Migration { version: 2, name: "public files", sql: include_str!("public.sql") },
    Migration { version: 3, name: "tickets", sql: include_str!("tickets.sql") },
    Migration { version: 4, name: "pixels", sql: include_str!("pixels.sql") },
];

/// A file that is to be kept.
pub struct NewFile<'a> {
    /// Its name, without folders.
    pub name: &'a str,
    /// Its MIME type, as far as somebody said it.
    pub content_type: Option<&'a str>,
    /// Its content.
    pub content: Content<'a>,
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its number.
    pub id: i64,
    /// Its name, without folders.
    pub name: String,
    /// Its MIME type, as far as somebody said it.
    pub content_type: Option<String>,
    /// When it was uploaded, Unix seconds.
    pub created: i64,
    /// Its bytes.
    pub size: u64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub hash: String,
    /// Where its content is, for [`Blobs::read`].
    pub key: String,
}

/// Keeps a file for the caller, and gives its number.
///
/// # Errors
/// [`Error::Upload`] when its content has to be stored first. Handlers pass it on; the call is run again then.
pub fn put(call: &mut Call<'_, '_>, new: &NewFile<'_>) -> Result<i64> {
    let hash = match call.uploads.find(&call.core.blobs, &new.content)? {
        Some(stored) if hold(call.tx, &stored)? => Some(stored.hash),
        // It was collected since it was looked up.
        Some(stored) => {
            call.uploads.lose(&stored);
            call.uploads.want(&new.content);
            None
        }
        None => None,
    };
    // A batch learns of all its contents before it is run again.
    if hash.is_none() && !call.in_batch {
        return Err(Error::Upload);
    }
    let sql = "INSERT INTO portal_file (name, content_type, owner_id, created, hash) VALUES (?, ?, ?, ?, ?)";
    let (owner, created) = (call.caller.user_id, call.now.seconds());
    let params = [new.name.into(), new.content_type.into(), owner.into(), created.into(), hash.into()];
    Ok(call.tx.insert(sql, &params)?)
}

/// A file of another portal that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct CopiedFile<'a> {
    /// The number that it has there.
    pub number: Option<i64>,
    /// Its name; folders in it are left out.
    pub name: &'a str,
    /// Its MIME type, as far as somebody said it.
    pub content_type: Option<&'a str>,
    /// When it was uploaded, Unix seconds.
    pub created: i64,
    /// Its content.
    pub blob: &'a Blob,
}

/// Keeps a file of another portal, under the number that it has there unless that is taken, and gives its number.
///
/// # Errors
/// Those of the store.
pub fn put_copied(tx: &mut Tx<'_>, copied: &CopiedFile<'_>) -> Result<i64> {
    hold(tx, &copied.blob.into())?;
    let name = clean(copied.name);
    let name = if name.is_empty() { "file" } else { &name };
    let (created, hash) = (copied.created.into(), copied.blob.hash.as_str().into());
    let file: [Param<'_>; 4] = [name.into(), copied.content_type.into(), created, hash];
    if let Some(number) = copied.number {
        let sql = "INSERT INTO portal_file (name, content_type, created, hash, id) VALUES (?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO NOTHING";
        let numbered: Vec<Param<'_>> = file.iter().cloned().chain([number.into()]).collect();
        if tx.execute(sql, &numbered)? > 0 {
            tx.number_behind("portal_file")?;
            return Ok(number);
        }
    }
    let sql = "INSERT INTO portal_file (name, content_type, created, hash) VALUES (?, ?, ?, ?)";
    Ok(tx.insert(sql, &file)?)
}

/// Keeps a file whose content is made, as a new one or in the place of `old`, and gives its number and what was learned
/// on the way. Within a batch that is nothing until the content is made.
///
/// # Errors
/// Why it cannot be made; and as [`put`].
pub fn make(
    call: &mut Call<'_, '_>,
    (name, content_type): (&str, &str),
    making: &Making,
    old: Option<i64>,
) -> Result<(i64, String)> {
    let kept = call.uploads.made(&call.core.blobs, making)?;
    let held = match &kept {
        Some(kept) if hold(call.tx, &kept.stored)? => Some(kept.stored.hash.as_str()),
        Some(kept) => {
            call.uploads.lose(&kept.stored);
            call.uploads.made(&call.core.blobs, making)?;
            None
        }
        None => None,
    };
    if held.is_none() && !call.in_batch {
        return Err(Error::Upload);
    }
    let note = kept.as_ref().map(|kept| kept.note.clone()).unwrap_or_default();
    let (owner, now) = (call.caller.user_id, call.now.seconds());
    if let Some(id) = old {
        let sql = "UPDATE portal_file SET name = ?, content_type = ?, created = ?, hash = ? WHERE id = ?";
        let params = [name.into(), content_type.into(), now.into(), held.into(), id.into()];
        call.tx.execute(sql, &params)?;
        return Ok((id, note));
    }
    let sql = "INSERT INTO portal_file (name, content_type, owner_id, created, hash) VALUES (?, ?, ?, ?, ?)";
    let params = [name.into(), content_type.into(), owner.into(), now.into(), held.into()];
    Ok((call.tx.insert(sql, &params)?, note))
}

/// Keeps a further file with the content of another one, and gives its number; `None` when there is no such file.
///
/// # Errors
/// Those of the store.
pub fn copy(call: &mut Call<'_, '_>, id: i64) -> Result<Option<i64>> {
    let Some(file) = find(call.tx, id)? else { return Ok(None) };
    let sql = "INSERT INTO portal_file (name, content_type, owner_id, created, hash) VALUES (?, ?, ?, ?, ?)";
    let (owner, created) = (call.caller.user_id, call.now.seconds());
    let params = [file.name.into(), file.content_type.into(), owner.into(), created.into(), file.hash.into()];
    Ok(Some(call.tx.insert(sql, &params)?))
}

/// Gives a file another name.
///
/// # Errors
/// Those of the store.
pub fn rename(tx: &mut Tx<'_>, id: i64, name: &str) -> Result<()> {
    tx.execute("UPDATE portal_file SET name = ? WHERE id = ?", &[name.into(), id.into()])?;
    Ok(())
}

/// Gives each of two files the content of the other, so that links to a file lead to its newest content.
///
/// # Errors
/// Those of the store.
pub fn exchange(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<()> {
    let sql = "SELECT hash FROM portal_file WHERE id = ?";
    let mut hash = |id: i64| tx.one(sql, &[id.into()], |row| Ok(row.opt_text(0)?.map(str::to_owned)));
    let (first, second) = (hash(one)?.flatten(), hash(other)?.flatten());
    let sql = "UPDATE portal_file SET hash = ? WHERE id = ?";
    tx.execute(sql, &[second.into(), one.into()])?;
    tx.execute(sql, &[first.into(), other.into()])?;
    Ok(())
}

/// Notes contents that are about to be [`put`], so that all of them are stored before the call is run again.
///
/// # Errors
/// Those of the store of contents.
pub fn announce<'a>(call: &Call<'_, '_>, contents: impl Iterator<Item = Content<'a>>) -> Result<()> {
    for content in contents {
        call.uploads.find(&call.core.blobs, &content)?;
    }
    Ok(())
}

/// Makes sure that there is a row of the content, which nobody collects from now on; false when there is none.
fn hold(tx: &mut Tx<'_>, stored: &Stored) -> Result<bool> {
    // An update, not a look: on PostgreSQL it meets whoever is about to remove the row.
    let sql = "UPDATE portal_content SET loose = NULL WHERE hash = ?";
    if tx.execute(sql, &[stored.hash.as_str().into()])? > 0 {
        return Ok(true);
    }
    let Some(key) = &stored.key else { return Ok(false) };
    let length = |of: fn(Pixels) -> u32| stored.pixels.map(of).into();
    let sql = "INSERT INTO portal_content (hash, size, key, width, height) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (hash) DO NOTHING";
    let (width, height) = (length(|pixels| pixels.width), length(|pixels| pixels.height));
    let (hash, key) = (stored.hash.as_str().into(), key.as_str().into());
    tx.execute(sql, &[hash, stored.size.into(), key, width, height])?;
    Ok(true)
}

/// How large the pictures among the files are, by the number of the file.
pub fn pixels(tx: &mut Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, Pixels>> {
    let sql = "SELECT f.id, c.width, c.height FROM portal_file f JOIN portal_content c ON c.hash = f.hash \
               WHERE c.width IS NOT NULL AND f.id IN (#)";
    let found = tx.all_among(sql, &[], ids, |row| {
        let length = |column| Ok::<_, store::Error>(u32::try_from(row.int(column)?).unwrap_or(u32::MAX));
        Ok((row.int(0)?, Pixels { width: length(1)?, height: length(2)? }))
    })?;
    Ok(found.into_iter().collect())
}

/// A file by its number.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<File>> {
    let sql = "SELECT f.name, f.content_type, f.created, c.size, c.hash, c.key FROM portal_file f \
               JOIN portal_content c ON c.hash = f.hash WHERE f.id = ?";
    let found = tx.one(sql, &[id.into()], |row| {
        Ok(File {
            id,
            name: row.text(0)?.to_owned(),
            content_type: row.opt_text(1)?.map(str::to_owned),
            created: row.int(2)?,
            size: u64::try_from(row.int(3)?).unwrap_or(0),
            hash: row.text(4)?.to_owned(),
            key: row.text(5)?.to_owned(),
        })
    })?;
    Ok(found)
}

/// Forgets files. Their contents go when nobody else names them.
pub fn delete(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    tx.execute_among("DELETE FROM portal_file WHERE id IN (#)", &[], ids)?;
    Ok(())
}

/// The keys and sizes of the next contents behind that key, in order.
pub fn contents(tx: &mut Tx<'_>, after: &str, count: usize) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT key, size FROM portal_content WHERE key > ? ORDER BY key LIMIT ?";
    Ok(tx.all(sql, &[after.into(), i64::try_from(count).unwrap_or(i64::MAX).into()], |row| {
        Ok((row.text(0)?.to_owned(), u64::try_from(row.int(1)?).unwrap_or(0)))
    })?)
}
