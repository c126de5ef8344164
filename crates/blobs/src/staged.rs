//! What a crash leaves of a file that was being written: `name#1`, which `object_store` neither lists nor removes.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::is_key;

/// Removes such files in a folder when they were last written before that moment. One that cannot be removed is looked at
/// again next time.
pub(crate) fn remove(folder: &Path, area: &str, moment: SystemTime) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let staged = name.split_once('#').is_some_and(|(rest, _)| is_key(&format!("{area}/{rest}")));
        let old = || entry.metadata().and_then(|data| data.modified()).is_ok_and(|written| written < moment);
        if staged
            && old()
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(file = %entry.path().display(), %error, "a rest of an upload cannot be removed");
        }
    }
}
