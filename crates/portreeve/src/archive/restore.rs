//! `portreeve restore`.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use portal::files::Blobs;
use store::block_on;
use tar::Archive;

use super::backup::{save, sync_folder};
use super::{DATABASE, FILES};
use crate::cli::note;
use crate::place::Place;

/// Restores an archive into a folder without a portal, and its files into the store of files. The database is there only
/// when all files are.
pub fn run(place: &Place, from: &Path) -> Result<()> {
    place.make_folder()?;
    let _lock = place.lock()?;
    let blobs = place.files.open(&place.data)?;
    let file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let (found, files) = unpack(place, &blobs, BufReader::new(file), &from.display())?;
    let what = if found { "The database and " } else { "" };
    note(format_args!("{what}{files} files are restored."));
    if !place.key_file().is_file() {
        note(format_args!("Put the portal's key file at {} now.", place.key_file().display()));
    }
    Ok(())
}

/// Restores what an archive has: whether the database is in it, and how many files are.
pub fn unpack(place: &Place, blobs: &Blobs, from: impl Read, named: &impl Display) -> Result<(bool, usize)> {
    let mut archive = Archive::new(from);
    let database = place.data.join(DATABASE);
    let part = place.data.join("portreeve.db.restored");
    let (mut files, mut found) = (0, false);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if path == DATABASE {
            let shared = place.database.is_some();
            ensure!(!shared, "the archive has an SQLite database, which --database cannot take");
            ensure!(!database.exists(), "there is a portal in {} already", place.data.display());
            save(&part, &mut entry)?;
            found = true;
        } else if let Some(key) =
            path.strip_prefix(FILES).filter(|key| !key.is_empty() && !key.ends_with('/'))
        {
            store_content(blobs, key, &mut entry).with_context(|| format!("{named}: {path}"))?;
            files += 1;
        }
    }
    if found {
        fs::rename(&part, &database)?;
        sync_folder(&database)?;
    }
    Ok((found, files))
}

fn store_content(blobs: &Blobs, key: &str, content: &mut impl Read) -> Result<()> {
    let (mut upload, mut part) = (blobs.upload(), vec![0; 256 * 1024]);
    loop {
        match content.read(&mut part)? {
            0 => break,
            count => block_on(upload.write(&part[..count]))?,
        }
    }
    block_on(upload.restore(key))?;
    Ok(())
}
