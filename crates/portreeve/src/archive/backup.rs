//! `portreeve backup`.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use portal::settings::Settings;

use super::write::{Source, Written, copy_database, write};
use crate::cli::note;
use crate::place::Place;

/// Copies the database and the files while the portal works on.
pub fn run(place: &Place, to: &Path, files_only: bool) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    if portal.core().store.is_shared() && !files_only {
        bail!(
            "a PostgreSQL database is copied with pg_dump; copy the files after it with `portreeve backup --files-only`"
        );
    }
    ensure!(!to.exists(), "{} exists already", to.display());
    let database = match files_only {
        true => None,
        false => Some(copy_database(&portal, &beside(to, ".db"))?),
    };
    let part = beside(to, ".part");
    let written = create(&part).and_then(|file| {
        let (file, written) = write(Source { portal: &portal, database }, BufWriter::new(file))?;
        file.into_inner().map_err(|error| error.into_error())?.sync_all()?;
        fs::rename(&part, to)?;
        sync_folder(to)?;
        Ok(written)
    });
    if written.is_err() {
        // What is left of a failed backup is of no use; that it cannot be removed is no news either.
        let _ = fs::remove_file(&part);
    }
    tell(place, to, written.with_context(|| format!("cannot write {}", to.display()))?);
    Ok(())
}

fn tell(place: &Place, to: &Path, written: Written) {
    note(format_args!(
        "{} is complete. Keep it together with {}: without the key no webhook of it can be recognised.",
        to.display(),
        place.key_file().display()
    ));
    if written.missing > 0 {
        note(format_args!(
            "{} of {} files are not in it: their contents are missing from the store of files.",
            written.missing,
            written.missing + written.contents
        ));
    }
}

/// A path with something behind its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A new file for its owner only, in the place of what a crash may have left.
fn create(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    Ok(options.write(true).create(true).truncate(true).mode(0o600).open(path)?)
}

/// Makes the name of a file survive a power cut.
pub(super) fn sync_folder(of: &Path) -> Result<()> {
    let folder = of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}

/// Writes all of a reader to a new file that only its owner may read, and to the disk.
pub(super) fn save(path: &Path, content: &mut impl std::io::Read) -> Result<()> {
    let mut file = create(path)?;
    std::io::copy(content, &mut file)?;
    file.flush()?;
    Ok(file.sync_all()?)
}
