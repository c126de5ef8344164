//! The data folder: whose it is, who else gets at it, and what lies in it.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

use super::report::Report;
use crate::clock;
use crate::private;

const OF: &str = "folder";
/// What Portreeve makes there, or is told to read there.
const OURS: [&str; 5] = ["portreeve.key", "portreeve.lock", "portreeve.toml", "files", "tls"];
/// How the names of the database begin, its log, snapshots and unfinished copies among them.
const DATABASE: [&str; 2] = ["portreeve.db", "portreeve.snapshots"];
/// Names that are told.
const TOLD: usize = 5;
/// Seconds by which the times of files may be ahead of the clock.
const AHEAD: i64 = 60;

/// Looks at it; false when there is none.
pub fn check(report: &mut Report, data: &Path) -> bool {
    let shown = data.display();
    let folder = match fs::metadata(data) {
        Ok(folder) if folder.is_dir() => folder,
        Ok(_) => {
            report.fail(OF, format!("{shown} is no folder"), "name the data folder with --data");
            return false;
        }
        Err(error) => {
            let advice = "name the data folder with --data, or let `portreeve serve` make it";
            report.fail(OF, format!("{shown} cannot be used: {error}"), advice);
            return false;
        }
    };
    if let Err(error) = private::require_folder(data) {
        report.fail(OF, "every user of this machine may write in it", format!("{error}"));
    } else if private::is_open(data) {
        report.warn(
            OF,
            "every user of this machine may read it, the database and its people included",
            format!("run `chmod 700 {shown}`"),
        );
    }
    match fs::read_dir(data) {
        Ok(entries) => {
            let entries: Vec<_> = entries.flatten().collect();
            let found: Vec<_> = entries
                .iter()
                .filter_map(|entry| {
                    Some((entry.file_name().to_string_lossy().into_owned(), entry.metadata().ok()?))
                })
                .collect();
            owners(report, data, &folder, &found);
            foreign(report, &found);
            times(report, &found);
        }
        Err(error) => {
            report.fail(OF, format!("{shown} cannot be read: {error}"), "run this as the server's user");
        }
    }
    report.well(OF, format!("{shown} is its owner's alone, and holds nothing else"));
    true
}

/// The server runs as the user who owns the folder, and writes all that is in it.
fn owners(report: &mut Report, data: &Path, folder: &Metadata, found: &[(String, Metadata)]) {
    let (owner, shown) = (folder.uid(), data.display());
    let others: Vec<&str> =
        found.iter().filter(|(_, file)| file.uid() != owner).map(|(name, _)| name.as_str()).collect();
    if !others.is_empty() {
        report.fail(
            OF,
            format!("of another user than the folder: {}", some(&others)),
            format!("the server may be unable to write them: run `chown -R --reference={shown} {shown}`"),
        );
    }
    let own = geteuid();
    if !own.is_root() && own.as_raw() != owner {
        let found = format!("it belongs to user {owner}, and this runs as user {}", own.as_raw());
        report.warn(OF, found, "run this as the server's user, so that it sees what the server sees");
    }
}

fn foreign(report: &mut Report, found: &[(String, Metadata)]) {
    let ours = |name: &str| OURS.contains(&name) || DATABASE.iter().any(|begins| name.starts_with(begins));
    let others: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).filter(|name| !ours(name)).collect();
    if !others.is_empty() {
        let advice = "move them elsewhere, unless you put them there on purpose; backups leave them out";
        report.warn(OF, format!("not Portreeve's: {}", some(&others)), advice);
    }
}

/// A clock that was set back lets things happen again, and others not at all.
fn times(report: &mut Report, found: &[(String, Metadata)]) {
    let now = clock::machine().seconds();
    let ahead: Vec<&str> =
        found.iter().filter(|(_, file)| file.mtime() > now + AHEAD).map(|(name, _)| name.as_str()).collect();
    if !ahead.is_empty() {
        report.warn(
            "clock",
            format!("written in the future: {}; the machine's clock was set back, or is wrong", some(&ahead)),
            "compare it (`timedatectl`), and keep it right by NTP",
        );
    }
}

/// The first few names.
fn some(names: &[&str]) -> String {
    let mut names = names.to_vec();
    names.sort_unstable();
    let more = names.len().saturating_sub(TOLD);
    let told = names.into_iter().take(TOLD).collect::<Vec<_>>().join(", ");
    if more == 0 { told } else { format!("{told} and {more} others") }
}
