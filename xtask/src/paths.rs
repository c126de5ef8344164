//! Where things are.

use crate::Outcome;
use std::path::{Path, PathBuf};

/// Makes the repository's root the working directory, so that every path below can be relative.
pub(crate) fn enter_root() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies inside the repository");
    std::env::set_current_dir(root).map_err(|error| format!("cannot enter {}: {error}", root.display()))
}

/// Cargo's target directory, absolute.
pub(crate) fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    std::path::absolute(&named).unwrap_or(named)
}

/// A program that Cargo built, by profile folder (`debug`, `release`) and name.
pub(crate) fn built(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(name)
}

/// Where the published clients are installed: `py` (a venv) and `js` (node_modules).
pub(crate) fn clients() -> PathBuf {
    target().join("clients")
}

/// Where what drives a browser is installed.
pub(crate) fn browser() -> PathBuf {
    clients().join("console")
}

/// The first file of that name in `PATH`.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
