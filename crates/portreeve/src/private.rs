//! Whether what is the server's alone is so: files and folders that others on the machine may read or write.

use std::fs::{Metadata, metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Result, bail};
use rustix::fs::Mode;
use rustix::process::umask;

/// Others may read.
const READ: u32 = 0o004;
/// Others may write.
const WRITE: u32 = 0o002;
/// So may the group.
const GROUP_WRITE: u32 = 0o020;

/// Whatever this process makes is its user's alone, wherever it is: databases, copies of them, archives.
pub fn by_default() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Refuses a key that everybody on this machine may read, or others may replace. A group may read it: some
/// supervisors hand secrets out so.
///
/// # Errors
/// With the command that mends it.
pub fn require_key(file: &Path) -> Result<()> {
    let open = mode(file) & (READ | WRITE | GROUP_WRITE);
    if open == 0 {
        return Ok(());
    }
    let what = if open & READ == 0 { "replaced" } else { "read" };
    let file = file.display();
    bail!(
        "{file} can be {what} by other users of this machine, and opens the secrets of all webhooks: run `chmod 600 {file}`; \
         if somebody may have read it already, renew the webhooks"
    );
}

/// Refuses a data folder in which everybody may put other files in place of ours, and warns about one in which everybody
/// may read the database.
///
/// # Errors
/// With the command that mends it.
pub fn require_folder(folder: &Path) -> Result<()> {
    let mode = mode(folder);
    let data = folder.display();
    if mode & WRITE != 0 {
        bail!(
            "every user of this machine may write in {data}, and so replace the database and the key: run `chmod 700 {data}`"
        );
    }
    if mode & READ != 0 {
        tracing::warn!(
            folder = %data,
            "every user of this machine may read the data folder, the database and its people included: run `chmod 700 {data}`"
        );
    }
    Ok(())
}

/// Whether other users of this machine may read a file.
pub fn is_open(file: &Path) -> bool {
    mode(file) & READ != 0
}

/// The permissions of what is there, no permissions where nothing is.
fn mode(path: &Path) -> u32 {
    metadata(path).as_ref().map_or(0, Metadata::mode)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_for_the_server_alone() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        require_key(&key).unwrap();
        fs::write(&key, "").unwrap();
        for (mode, word) in
            [(0o600, None), (0o440, None), (0o644, Some("read by")), (0o620, Some("replaced by"))]
        {
            set_permissions(&key, Permissions::from_mode(mode)).unwrap();
            let said = require_key(&key).err().map(|error| error.to_string());
            assert_eq!(said.is_some(), word.is_some(), "{mode:o}: {said:?}");
            assert!(word.is_none_or(|word| said.unwrap().contains(word)), "{mode:o}");
        }
    }

    #[test]
    fn nobody_else_writes_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, refused) in [(0o700, false), (0o755, false), (0o770, false), (0o777, true), (0o1777, true)]
        {
            set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(require_folder(folder.path()).is_err(), refused, "{mode:o}");
        }
    }
}
