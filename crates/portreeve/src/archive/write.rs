//! Writing an archive.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use bytes::{Buf, Bytes};
use portal::files::{self, Reading};
use portal::{Error, Portal};
use store::{Tx, block_on};
use tar::{Builder, Header};

use super::{DATABASE, FILES};
use crate::clock;

/// Rows of contents that are read at once.
const STEP: usize = 1000;

/// What goes into an archive.
pub struct Source<'a> {
    /// The portal with the files.
    pub portal: &'a Portal,
    /// The copy of its database, unless only files are wanted.
    pub database: Option<File>,
}

/// What went into it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// Contents of files.
    pub contents: usize,
    /// Contents that the database names and the store does not have.
    pub missing: usize,
}

/// Copies the database of a portal, and gives the copy opened. It has no name any more, so that nothing is left of it
/// however the program ends.
pub fn copy_database(portal: &Portal, path: &Path) -> Result<File> {
    portal.core().store.backup(path)?;
    let opened = File::open(path);
    fs::remove_file(path)?;
    Ok(opened?)
}

/// Writes an archive. Blocks.
pub fn write<W: Write>(source: Source<'_>, to: W) -> Result<(W, Written)> {
    let mut builder = Builder::new(to);
    if let Some(database) = source.database {
        let size = database.metadata()?.len();
        builder.append_data(&mut header(size), DATABASE, database)?;
    }
    let mut written = Written::default();
    let mut after = String::new();
    loop {
        let contents = contents(source.portal, after)?;
        let Some((last, _)) = contents.last() else { break };
        after = last.clone();
        for (key, size) in contents {
            match append(&mut builder, source.portal, &key, size)? {
                true => written.contents += 1,
                false => {
                    tracing::error!(key, "the content of a file is missing");
                    written.missing += 1;
                }
            }
        }
    }
    Ok((builder.into_inner()?, written))
}

/// The keys and sizes of the next contents.
fn contents(portal: &Portal, after: String) -> Result<Vec<(String, u64)>> {
    let read = move |tx: &mut Tx<'_>| files::contents(tx, &after, STEP);
    Ok(portal.core().store.read(read).wait()?)
}

/// Appends a content; false when it is missing.
fn append<W: Write>(builder: &mut Builder<W>, portal: &Portal, key: &str, size: u64) -> Result<bool> {
    let reading = match block_on(portal.core().blobs.read(key, None)) {
        Ok(reading) => reading,
        Err(error) => match Error::from(error) {
            Error::Blobs(files::BlobError::Missing(_)) => return Ok(false),
            other => return Err(other.into()),
        },
    };
    let mut content = Content { reading, part: Bytes::new(), read: 0 };
    let named = || format!("the content {key}");
    builder.append_data(&mut header(size), format!("{FILES}{key}"), &mut content).with_context(named)?;
    ensure!(content.read == size, "the content {key} has {} bytes instead of {size}", content.read);
    Ok(true)
}

fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(clock::machine().seconds()).unwrap_or(0));
    header
}

/// A content for code that blocks.
struct Content {
    reading: Reading,
    part: Bytes,
    read: u64,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match block_on(self.reading.next()) {
                Some(part) => self.part = part.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.part.len());
        self.part.copy_to_slice(&mut buffer[..count]);
        self.read += count as u64;
        Ok(count)
    }
}
