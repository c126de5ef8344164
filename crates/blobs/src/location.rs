//! Where contents are.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;

use crate::Error;
use crate::s3::S3;

/// Where contents are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a folder.
    Folder(PathBuf),
    /// On a server that speaks the protocol of Amazon S3.
    S3(S3),
    /// Nowhere: for tests.
    Memory,
}

impl Location {
    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Location::Folder(folder) => Some(folder),
            Location::S3(_) | Location::Memory => None,
        }
    }

    pub(crate) fn connect(&self) -> Result<Arc<dyn ObjectStore>, Error> {
        Ok(match self {
            Location::Folder(folder) => {
                make(folder).map_err(|error| Error::Failed(format!("{}: {error}", folder.display())))?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| self.error(&error))?;
                Arc::new(store.with_fsync(true))
            }
            Location::S3(s3) => s3.connect().map_err(|error| self.error(&error))?,
            Location::Memory => Arc::new(InMemory::new()),
        })
    }

    /// An error of the store. Servers repeat parts of the request in theirs.
    pub(crate) fn error(&self, error: &object_store::Error) -> Error {
        let text = match error {
            object_store::Error::NotFound { path, .. } => return Error::Missing(path.clone()),
            other => other.to_string(),
        };
        match self {
            Location::S3(s3) => Error::Failed(s3.redact(text)),
            Location::Folder(_) | Location::Memory if is_full(error) => Error::Full(text),
            Location::Folder(_) | Location::Memory => Error::Failed(text),
        }
    }
}

/// Whether the disk has no room, or takes nothing.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let is_so =
        |error: &std::io::Error| matches!(error.kind(), StorageFull | ReadOnlyFilesystem | QuotaExceeded);
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| cause.downcast_ref().is_some_and(is_so))
}

/// Makes a folder for its owner only, unless it is there.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(folder) => write!(f, "{}", folder.display()),
            Location::S3(s3) => write!(f, "{s3}"),
            Location::Memory => f.write_str("memory"),
        }
    }
}
