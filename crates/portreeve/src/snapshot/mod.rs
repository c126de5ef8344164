//! Snapshots of the portal, and what it can be reset to: for the command line and the operator's API.

mod command;

use std::collections::HashSet;

use parking_lot::Mutex;
use portal::{Portal, Snapshot, SnapshotName, demo};
use wire::Fault;

use crate::place::{BASE_URL, KEY_MARK};
use crate::rules::SERVED;
use crate::{clock, user};

pub use command::{reset, run, seconds};

/// The snapshots that the portal keeps by itself: how it was when a server became ready, a new portal, and one with demo
/// data.
const OWN: [&str; 3] = [START, EMPTY, DEMO];
const START: &str = "start";
const EMPTY: &str = "empty";
const DEMO: &str = "demo";
/// Snapshots that are kept at most.
const MOST: usize = 100;
/// What the portal remembers of where it is and not of how it is: it stays in a reset.
const OF_THE_PLACE: [&str; 4] = [BASE_URL, KEY_MARK, SERVED, "member_id"];

/// What the portal can be reset to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// How it was when the server became ready
    Start,
    /// A new portal
    Empty,
    /// A portal with demo data
    Demo,
    /// A snapshot that somebody saved
    Saved(SnapshotName),
}

/// The templates that this process has made.
#[derive(Default)]
pub struct Templates(Mutex<HashSet<&'static str>>);

/// Reads the name of a snapshot.
pub fn name(text: &str) -> Result<SnapshotName, Fault> {
    text.parse().map_err(|error: store::Error| Fault::argument(format!("{error}."), "name"))
}

/// Keeps the portal as it is. Blocks.
pub fn save(portal: &Portal, name: &SnapshotName) -> anyhow::Result<Snapshot> {
    if OWN.contains(&name.as_str()) {
        let text = format!("The portal keeps {name} by itself: choose another name.");
        return Err(Fault::argument(text, "name").into());
    }
    let all = portal.snapshots()?;
    if all.len() >= MOST && all.iter().all(|one| one.name != *name) {
        let text = format!("There are {MOST} snapshots already: delete some of them.");
        return Err(Fault::new(400, "ERROR_TOO_MANY_SNAPSHOTS", text).into());
    }
    Ok(portal.save_snapshot(name)?)
}

/// Removes a snapshot. Blocks.
pub fn delete(portal: &Portal, name: &SnapshotName) -> anyhow::Result<()> {
    match portal.delete_snapshot(name)? {
        true => Ok(()),
        false => Err(missing(name).into()),
    }
}

/// Keeps how the portal is now that its server becomes ready. Blocks.
pub fn save_start(portal: &Portal) -> anyhow::Result<()> {
    portal.save_snapshot(&START.parse()?)?;
    Ok(())
}

/// Brings the portal to a target. Blocks.
pub fn reach(portal: &Portal, templates: &Templates, target: &Target) -> anyhow::Result<SnapshotName> {
    let name = match target {
        Target::Start => START.parse()?,
        Target::Empty => templates.made(portal, EMPTY)?,
        Target::Demo => templates.made(portal, DEMO)?,
        Target::Saved(name) => name.clone(),
    };
    let restored = portal.restore(&name, &OF_THE_PLACE, clock::machine());
    match restored.map_err(in_words)? {
        true => Ok(name),
        false if *target == Target::Start => Err(no_start().into()),
        false => Err(missing(&name).into()),
    }
}

impl Templates {
    /// The snapshot of a template, which is made first where this process has not done so: another version of the
    /// program, or one with other settings, may have.
    fn made(&self, portal: &Portal, which: &'static str) -> anyhow::Result<SnapshotName> {
        let name: SnapshotName = which.parse()?;
        let mut made = self.0.lock();
        if !made.contains(which) || portal.snapshots()?.iter().all(|one| one.name != name) {
            portal.make_snapshot(&name, clock::machine(), |new| fill(new, which))?;
            made.insert(which);
        }
        Ok(name)
    }
}

/// Makes a new portal what the first start makes of one.
fn fill(new: &Portal, which: &str) -> anyhow::Result<()> {
    user::make_sure_of_administrator(new)?;
    if which == DEMO {
        demo::load(new, clock::now(new.core()))?;
    }
    Ok(())
}

fn missing(name: &SnapshotName) -> Fault {
    let text = format!(
        "There is no snapshot {name}: `portreeve snapshot list` and GET /snapshots show which there are."
    );
    Fault::new(404, "ERROR_SNAPSHOT_NOT_FOUND", text)
}

fn no_start() -> Fault {
    let text = "Nothing was kept to return to: a server with --operator-listen keeps how the portal is when it becomes ready.";
    Fault::new(404, "ERROR_SNAPSHOT_NOT_FOUND", text)
}

/// Says what to do about a snapshot that this program cannot restore.
fn in_words(error: portal::Error) -> anyhow::Error {
    match error {
        portal::Error::Store(store::Error::Newer { .. }) => Fault::new(
            400,
            "ERROR_NEWER_SNAPSHOT",
            "A newer version of Portreeve saved the snapshot: use that one, or a newer one.",
        )
        .into(),
        other => other.into(),
    }
}
