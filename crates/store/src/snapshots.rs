//! Snapshots: the whole database as it was at a moment, kept under a name and brought back all at once.
//!
//! SQLite's are files beside the database, of which a restore writes the pages that differ; PostgreSQL's are schemas
//! beside that of the database, of which a restore writes the rows that differ. Everybody else sees the one state or
//! the other, in whatever process.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use crate::Error;

/// The name of a snapshot: at most 40 small letters, digits, `-`, `_` and `.`, beginning with a letter or digit. So it
/// is a safe name of a file anywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotName(String);

/// Characters of a name.
const LONGEST: usize = 40;

impl SnapshotName {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SnapshotName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fits = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        };
        let begins = text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if begins && text.len() <= LONGEST && text.bytes().all(fits) {
            return Ok(SnapshotName(text.to_owned()));
        }
        Err(Error::Database(format!(
            "{text:?} is no name of a snapshot: it has 1 to {LONGEST} of the characters a-z, 0-9, '-', '_' and '.', \
             and begins with a letter or digit"
        )))
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A snapshot that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub name: SnapshotName,
    /// When it was saved, by the clock of whoever has the disk.
    pub saved: SystemTime,
    /// Bytes on the disk.
    pub size: u64,
    /// Rows in all its tables.
    pub rows: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_as_that_of_a_file() {
        for good in ["a", "0", "before-import", "v1.2_x", "a".repeat(40).as_str()] {
            assert_eq!(good.parse::<SnapshotName>().map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", ".", "..", ".a", "-a", "_a", "A", "a/b", "a b", "a\0", "ä", "a".repeat(41).as_str()]
        {
            assert!(bad.parse::<SnapshotName>().is_err(), "{bad:?}");
        }
    }
}
