//! `portreeve snapshot` and `portreeve reset`.

use std::time::SystemTime;

use anyhow::{Error, Result, bail};
use portal::settings::Settings;
use portal::{Portal, Snapshot, SnapshotName, moment};

use super::{Target, Templates, delete, name, reach, save};
use crate::cli::{SnapshotCommand, columns, note, refusal, say};
use crate::place::Place;

/// Runs one of the commands, beside a server or without one.
pub fn run(place: &Place, command: SnapshotCommand) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    match command {
        SnapshotCommand::Save { name } => {
            let saved = save(&portal, &named(&name)?).map_err(in_words)?;
            note(format_args!("{} is saved: {} rows, {} bytes.", saved.name, saved.rows, saved.size));
        }
        SnapshotCommand::Restore { name } => return bring(&portal, &Target::Saved(named(&name)?)),
        SnapshotCommand::List => {
            portal.snapshots()?.iter().for_each(|one| say(columns(&row(&portal, one))));
        }
        SnapshotCommand::Delete { name } => delete(&portal, &named(&name)?).map_err(in_words)?,
    }
    Ok(())
}

/// Resets the portal.
pub fn reset(place: &Place, to: &str, snapshot: Option<&str>) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    let target = match (snapshot, to) {
        (Some(name), _) => Target::Saved(named(name)?),
        (None, "start") => Target::Start,
        (None, "empty") => Target::Empty,
        (None, "demo") => Target::Demo,
        (None, other) => {
            bail!("a portal is reset to start, empty, demo or --snapshot NAME, not to {other:?}")
        }
    };
    bring(&portal, &target)
}

fn bring(portal: &Portal, target: &Target) -> Result<()> {
    let name = reach(portal, &Templates::default(), target).map_err(in_words)?;
    note(format_args!("The portal is as {name} has it."));
    Ok(())
}

fn named(text: &str) -> Result<SnapshotName> {
    name(text).map_err(|fault| in_words(fault.into()))
}

fn in_words(error: Error) -> Error {
    match error.downcast::<wire::Fault>() {
        Ok(fault) => Error::msg(fault.message.trim_end_matches('.').to_owned()),
        Err(error) => match error.downcast::<portal::Error>() {
            Ok(error) => refusal(error),
            Err(error) => error,
        },
    }
}

fn row(portal: &Portal, one: &Snapshot) -> [String; 4] {
    let saved = moment::print(&portal.core().zone(), seconds(one.saved)).to_string();
    [one.name.to_string(), saved, one.size.to_string(), one.rows.to_string()]
}

/// Unix seconds.
pub fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
