//! `portreeve fault`: rules by which calls and deliveries fail, for tests.

use anyhow::{Result, ensure};
use portal::audit::By;
use portal::faults::Rule;
use portal::settings::Settings;

use crate::cli::{FaultCommand, refusal, say};
use crate::clock;
use crate::place::Place;

/// Runs one of the commands.
pub fn run(place: &Place, command: &FaultCommand) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    let (by, now) = (By::OPERATOR, clock::now(portal.core()));
    match command {
        FaultCommand::Add(new) => {
            let rule = portal.add_fault(new.rule(), by, now).wait().map_err(refusal)?;
            say(json(&rule)?);
        }
        FaultCommand::List => {
            for (rule, _) in portal.faults(&portal.core().shared().meta) {
                say(json(&rule)?);
            }
        }
        FaultCommand::Clear { id: None } => {
            let removed = portal.clear_faults(by, now).wait().map_err(refusal)?;
            say(format_args!("removed\t{removed}"));
        }
        FaultCommand::Clear { id: Some(id) } => {
            let is_removed = portal.remove_fault(*id, by, now).wait().map_err(refusal)?;
            ensure!(is_removed, "there is no fault rule {id}");
            say("removed\t1");
        }
    }
    Ok(())
}

/// A rule in a line.
fn json(rule: &Rule) -> Result<String> {
    Ok(serde_json::to_string(rule)?)
}
