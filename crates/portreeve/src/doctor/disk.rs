//! Room on the disk of the data folder, against what may still come.

use std::path::Path;

use rustix::fs::statvfs;
use store::Location;

use super::database::Facts;
use super::report::Report;
use crate::settings::Settings;

const OF: &str = "disk";
const MIB: u64 = 1024 * 1024;
/// With less than this, writes fail any moment.
const NOTHING: u64 = 100 * MIB;
/// A write-ahead log of this size is not being written back.
const LONG_LOG: u64 = 1024 * MIB;
/// Bytes that a call in its log and a delivery with its attempts take, about.
const CALL: u64 = 1024;
const DELIVERY: u64 = 2048;

/// What there is, and what may come.
struct Room {
    /// Bytes that are free for this user.
    free: u64,
    /// Files that can still be made; some file systems do not count them.
    names: Option<u64>,
    /// Bytes by which the database may grow by what it keeps anyway: its logs, and deliveries that wait.
    growth: u64,
    /// Bytes of the database, which a backup needs once more.
    database: u64,
}

/// Looks at it.
pub fn check(
    report: &mut Report,
    data: &Path,
    location: &Location,
    facts: Option<&Facts>,
    settings: &Settings,
) {
    let told = match statvfs(data) {
        Ok(told) => told,
        Err(error) => {
            let advice = "see that the file system is mounted and can be read";
            return report.fail(OF, format!("its room cannot be told: {error}"), advice);
        }
    };
    let here = matches!(location, Location::Sqlite(_));
    let log = match location {
        Location::Sqlite(path) => std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len()),
        Location::Postgres(_) => 0,
    };
    if log > LONG_LOG {
        let found = format!("the write-ahead log of the database has {}", size(log));
        report.warn(
            OF,
            found,
            "something reads it all the time: end other programs that have portreeve.db open",
        );
    }
    let room = Room {
        free: told.f_bavail.saturating_mul(told.f_frsize),
        names: (told.f_files > 0).then_some(told.f_favail),
        growth: if here { growth(facts, settings) } else { 0 },
        database: if here { facts.map_or(0, |facts| u64::try_from(facts.size).unwrap_or(0)) } else { 0 },
    };
    judge(report, &room);
}

/// By how much the logs may grow until they are full.
fn growth(facts: Option<&Facts>, settings: &Settings) -> u64 {
    let Some(portal) = facts.and_then(|facts| facts.portal.as_ref()) else { return 0 };
    let calls = u64::from(settings.call_log).saturating_sub(u64::try_from(portal.calls).unwrap_or(0));
    let waiting: i64 = portal.backlogs.iter().map(|backlog| backlog.waiting + backlog.held).sum();
    calls * CALL + u64::try_from(waiting).unwrap_or(0) * DELIVERY
}

fn judge(report: &mut Report, room: &Room) {
    let advice = "make room, or give the data folder a larger disk: when it is full, every write is refused";
    let free = size(room.free);
    if room.free < NOTHING {
        report.fail(OF, format!("{free} are free"), advice);
    } else if room.names == Some(0) {
        report.fail(OF, "the file system can have no more files (no free inodes)", advice);
    } else if room.free < NOTHING.saturating_add(room.growth) {
        let found = format!("{free} are free, and the logs and what waits may take {}", size(room.growth));
        report.warn(OF, found, format!("{advice}; --call-log keeps fewer calls"));
    } else if room.free < room.database {
        let found = format!("{free} are free, less than the {} of the database", size(room.database));
        report.warn(OF, found, "make room, or write backups to another disk");
    } else {
        report.well(OF, format!("{free} are free; the database has {}", size(room.database)));
    }
}

fn size(bytes: u64) -> String {
    match bytes / MIB {
        mib @ ..1024 => format!("{mib} MiB"),
        mib => format!("{:.1} GiB", mib as f64 / 1024.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::State;
    use super::*;

    #[test]
    fn room_is_held_against_what_may_come() {
        let enough = Room { free: 8192 * MIB, names: None, growth: 100 * MIB, database: 500 * MIB };
        for (room, warned, failed) in [
            (Room { ..enough }, 0, 0),
            (Room { free: 99 * MIB, ..enough }, 0, 1),
            (Room { names: Some(0), ..enough }, 0, 1),
            (Room { growth: 9000 * MIB, ..enough }, 1, 0),
            (Room { database: 9000 * MIB, ..enough }, 1, 0),
        ] {
            let mut report = Report::default();
            judge(&mut report, &room);
            assert_eq!((report.count(State::Warn), report.count(State::Fail)), (warned, failed));
        }
    }
}
