//! The master key: there, for the server alone, and the one that the database was made with.

use portal::keys::{self, Keys};
use store::Location;

use super::report::Report;
use crate::place::{self, Place};
use crate::private;

const OF: &str = "key";
/// What to do without it.
const RESTORE: &str =
    "put it back from your backup: without it no webhook is recognised and no secret can be shown";

/// Looks for it; `None` when it cannot be used.
pub fn check(report: &mut Report, place: &Place, location: &Location) -> Option<Keys> {
    if let Ok(text) = std::env::var(place::KEY) {
        let keys = Keys::parse(&text);
        if keys.is_none() {
            let found = format!("{} is not a key of 64 hexadecimal digits", place::KEY);
            report.fail(OF, found, "give it the text of the key file");
        }
        return keys;
    }
    let file = place.key_file();
    let shown = file.display();
    if !file.exists() {
        match location {
            Location::Sqlite(database) if !database.exists() => {
                report.fail(OF, format!("{shown} is missing"), "start `portreeve serve`, which makes it");
            }
            _ => report.fail(OF, format!("{shown} is missing"), RESTORE),
        }
        return None;
    }
    if private::require_key(&file).is_err() {
        report.fail(
            OF,
            format!("other users of this machine may read or replace {shown}, and the server does not start"),
            format!("run `chmod 600 {shown}`; if somebody may have read it already, renew the webhooks"),
        );
    }
    match std::fs::read_to_string(&file).map(|text| Keys::parse(&text)) {
        Ok(Some(keys)) => Some(keys),
        Ok(None) => {
            report.fail(OF, format!("{shown} is not a key of 64 hexadecimal digits"), RESTORE);
            None
        }
        Err(error) => {
            let advice =
                "run this as the server's user; if the disk cannot read it, put it back from your backup";
            report.fail(OF, format!("{shown} cannot be read: {error}"), advice);
            None
        }
    }
}

/// Whether it is the one that a database was made with, by what that says.
pub fn belongs(report: &mut Report, keys: Option<&Keys>, mark: Option<&str>) {
    let Some(keys) = keys else { return };
    let own = keys::hex(&keys.lookup(0, place::KEY_MARK));
    match mark {
        Some(mark) if mark == own => {
            report.well(OF, "it is there, and the one that the database was made with");
        }
        Some(_) => report.fail(
            OF,
            "it is not the one that the database was made with",
            "put the right key back from your backup, or look at --data and --database",
        ),
        None => report.well(OF, "it is there; the database has not been served with any yet"),
    }
}
