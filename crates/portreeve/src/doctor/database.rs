//! The database: whether it opens, is whole, and fits this program. What other checks need of it is read on the way, in one
//! transaction that changes nothing.

use std::time::Duration;

use portal::clock::Shift;
use portal::faults::Faults;
use portal::integration::{self, Integration};
use portal::meta::Kept;
use portal::outbound::queue::{self, Backlog};
use portal::settings::{Settings, chosen};
use portal::{clock, modules, state};
use store::{Dialect, Error, Location, Tx, inspect};

use super::report::Report;
use crate::clock as machine;
use crate::place::KEY_MARK;
use crate::private;

const OF: &str = "database";
/// How long the facts may take to read; they are few.
const FACTS: Duration = Duration::from_secs(60);
/// How long the database is looked through unless it is to be deep.
const LOOK: Duration = Duration::from_secs(60);
/// How long otherwise.
const DEEP: Duration = Duration::from_secs(24 * 3600);
/// Problems of the database's structure that are told.
const TOLD: usize = 3;

/// What a database says about its portal.
pub struct Facts {
    /// The engine and its version.
    pub engine: String,
    /// Steps of the history of tables that are to be made; `None` when there are no tables.
    pub lacking: Option<usize>,
    /// By how many microseconds its server's clock is ahead of this machine's.
    pub ahead: i64,
    /// Bytes.
    pub size: i64,
    /// What the portal says, unless it is to be brought up to date first.
    pub portal: Option<PortalFacts>,
}

/// What a portal of this version says.
pub struct PortalFacts {
    /// What tells its key from others.
    pub mark: Option<String>,
    /// What the settings are, those of the console among them.
    pub settings: Settings,
    /// How its clock goes.
    pub shift: Shift,
    /// Its integrations.
    pub integrations: Vec<Integration>,
    /// What waits.
    pub backlogs: Vec<Backlog>,
    /// Fault rules that hold.
    pub rules: usize,
    /// Microseconds by which the clock of the fastest node is ahead of this machine's.
    pub node_ahead: Option<i64>,
    /// Calls in the log of calls.
    pub calls: i64,
}

/// Opens it and reads what it says; `None` when that cannot be.
pub fn check(report: &mut Report, location: &Location, given: &Settings, deep: bool) -> Option<Facts> {
    if let Location::Sqlite(path) = location {
        if !path.exists() {
            let advice = "start `portreeve serve`, which makes one, or look at --data and --database";
            report.fail(OF, format!("there is none: {} is missing", path.display()), advice);
            return None;
        }
        if private::is_open(path) {
            let advice = format!("run `chmod 600 {}`", path.display());
            report.warn(OF, "every user of this machine may read it", advice);
        }
    }
    let facts = match inspect(location, FACTS, |tx| read(tx, given)) {
        Ok(facts) => facts,
        Err(error) => {
            unreadable(report, location, &error);
            return None;
        }
    };
    match facts.lacking {
        None => {
            report.warn(OF, "it is empty", "start `portreeve serve`, which fills it, or look at --database");
        }
        Some(0) => {}
        Some(count) => report.warn(
            OF,
            format!("it is of an earlier version: {count} steps are missing, and most checks are left out"),
            "make a backup; the next start of `portreeve serve` brings it up to date",
        ),
    }
    if let Location::Sqlite(_) = location {
        whole(report, location, deep);
    }
    report.well(OF, format!("{}, up to date{}", facts.engine, if deep { ", and whole" } else { "" }));
    Some(facts)
}

fn unreadable(report: &mut Report, location: &Location, error: &portal::Error) {
    let advice = match error {
        portal::Error::Store(Error::Newer { .. }) => {
            "start the newer version of Portreeve that last opened it, or restore a backup that this one made"
        }
        portal::Error::Store(Error::Unavailable(_)) => {
            "see that the server runs, that --database names it rightly, and that it lets this user in"
        }
        _ if matches!(location, Location::Sqlite(_)) => {
            "run this as the server's user; if the file is damaged, stop the server, keep what is there and restore a backup"
        }
        _ => "see the log of the database server",
    };
    // An error of the connection may repeat parts of the connection string, but never its password.
    report.fail(OF, format!("{location} cannot be used: {error}"), advice);
}

fn read(tx: &mut Tx<'_>, given: &Settings) -> portal::Result<Facts> {
    let (engine, ahead, size) = match tx.dialect() {
        Dialect::Sqlite => {
            let version = tx.one("SELECT sqlite_version()", &[], |row| Ok(row.text(0)?.to_owned()))?;
            let pages = tx.one("PRAGMA page_count", &[], |row| row.int(0))?.unwrap_or(0);
            let page = tx.one("PRAGMA page_size", &[], |row| row.int(0))?.unwrap_or(0);
            (format!("SQLite {}", version.unwrap_or_default()), 0, pages * page)
        }
        Dialect::Postgres => postgres(tx)?,
    };
    let lacking = portal::lacking(tx, modules())?;
    let portal = if lacking == Some(0) { Some(of_portal(tx, given)?) } else { None };
    Ok(Facts { engine, lacking, ahead, size, portal })
}

fn postgres(tx: &mut Tx<'_>) -> portal::Result<(String, i64, i64)> {
    let sql = "SELECT current_setting('server_version'), current_setting('server_encoding'), \
               CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT), pg_database_size(current_database())";
    let (asked, told) = (
        machine::machine(),
        tx.one(sql, &[], |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.int(2)?, row.int(3)?))
        })?,
    );
    let (version, encoding, at, size) = told.unwrap_or_default();
    if encoding != "UTF8" {
        let told = format!(
            "the database's encoding is {encoding}; it must be UTF8: make another by CREATE DATABASE .. ENCODING 'UTF8'"
        );
        return Err(Error::Database(told).into());
    }
    // The answer was given somewhere between the question and now.
    let answered = machine::machine();
    let ahead = if at > answered.0 { at - answered.0 } else { (at - asked.0).min(0) };
    Ok((format!("PostgreSQL {version}, {encoding}"), ahead, size))
}

fn of_portal(tx: &mut Tx<'_>, given: &Settings) -> portal::Result<PortalFacts> {
    let now = machine::machine();
    let node = tx.one("SELECT MAX(at) FROM outbound_pace", &[], |row| row.opt_int(0))?.flatten();
    Ok(PortalFacts {
        mark: state::get(tx, KEY_MARK)?.map(String::from),
        settings: given.under(&chosen::load(tx)?),
        shift: clock::load(tx)?,
        integrations: integration::all(tx)?,
        backlogs: queue::backlogs(tx)?,
        rules: Faults::load(tx)?.rules.len(),
        node_ahead: node.map(|at| at - now.0),
        calls: tx.one("SELECT count(*) FROM call_log", &[], |row| row.int(0))?.unwrap_or(0),
    })
}

/// Looks through the pages and indexes of a file, and its references.
fn whole(report: &mut Report, location: &Location, deep: bool) {
    let (pragma, limit) =
        if deep { ("PRAGMA integrity_check(4)", DEEP) } else { ("PRAGMA quick_check(4)", LOOK) };
    let restore = "stop the server, keep a copy of what is there, and restore the last backup that is whole (docs/operating.md)";
    let looked = inspect(location, limit, |tx| {
        let said = tx.all(pragma, &[], |row| Ok(row.text(0)?.to_owned()))?;
        let lost = tx.all("PRAGMA foreign_key_check", &[], |row| {
            Ok(format!("{} of {}", row.text(0)?, row.text(2)?))
        })?;
        Ok::<_, Error>((said, lost))
    });
    match looked {
        Ok((said, lost)) => {
            if said.iter().any(|line| line != "ok") {
                let said = said.into_iter().take(TOLD).collect::<Vec<_>>().join("; ");
                report.fail(OF, format!("the file is damaged: {said}"), restore);
            }
            if let Some(first) = lost.first() {
                let found = format!("{} rows refer to rows that are gone, the first {first}", lost.len());
                report.fail(
                    OF,
                    found,
                    "restore the last backup that is whole, and report what happened before",
                );
            }
        }
        Err(Error::Timeout) => {
            let found = format!("it could not be looked through within {} s", limit.as_secs());
            report.warn(OF, found, "run `portreeve doctor --deep` when there is time");
        }
        Err(error) => report.fail(OF, format!("it cannot be looked through: {error}"), restore),
    }
}
