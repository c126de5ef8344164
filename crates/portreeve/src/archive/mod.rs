//! Backups: a tar archive of the database and the files, made while the portal works, and restored into an empty folder.
//!
//! The database is copied first, then the contents that it names. A content is removed no sooner than a day after the last
//! file that named it, so all of them are there for that long.

mod backup;
pub mod restore;
mod write;

pub use backup::run as backup;
pub use restore::run as restore;
pub use write::{Source, copy_database, write};

/// The entry of the database.
const DATABASE: &str = "portreeve.db";
/// What the entries of contents begin with: the folder in which they are, unless they are elsewhere.
const FILES: &str = "files/";
