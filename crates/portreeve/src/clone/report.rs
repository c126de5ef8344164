//! What became of a copy: what was taken, what was not, and why.

use std::collections::BTreeMap;

use anyhow::Result;
use portal::Portal;
use portal::clone::{self, Progress, files};
use portal::copy::files::Tally;
use portal::copy::{Dangling, Step};

use crate::cli::{clean, say};
use crate::clock;

/// Names that are told of one list.
const NAMES: usize = 12;

/// Prints it.
pub async fn print(portal: &Portal, dangling: &[Dangling]) -> Result<()> {
    let plan = clone::plan(portal, clock::now(portal.core())).await?;
    let taken: u64 = plan.iter().map(|(_, progress)| progress.told.rows).sum();
    say(format_args!("{taken} rows were written."));
    skipped(&plan);
    contents(&files::tally(portal).await?);
    incomplete(&plan);
    for Dangling { table, field, count } in dangling {
        say(format_args!("{count} x {table}, {field}: leads to what is not there"));
    }
    say(
        "What no method shows is not there: passwords, secrets, rights, chats, drives and posts of others (docs/clone.md).",
    );
    Ok(())
}

/// Lists that were not read, by the reason.
fn skipped(plan: &[(Step, Progress)]) {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (step, progress) in plan {
        if let Some(why) = &progress.skipped {
            reasons.entry(why).or_default().push(step.name());
        }
    }
    for (why, steps) in reasons {
        say(format_args!("Not taken, {}: {}", clean(why), steps.join(", ")));
    }
}

/// What became of the contents of files.
fn contents(tally: &Tally) {
    if tally.here > 0 {
        say(format_args!("{} files were fetched.", tally.here));
    }
    if tally.waiting > 0 {
        say(format_args!("{} files were left where they are: --with-files fetches them.", tally.waiting));
    }
    for (reason, count) in tally.refused.iter().take(NAMES) {
        say(format_args!("{count} files were not fetched: {}", clean(reason)));
    }
    if tally.refused.len() > NAMES {
        let more: i64 = tally.refused.values().skip(NAMES).sum();
        say(format_args!("{more} files were not fetched for other reasons"));
    }
}

/// What rows had that could not be kept.
fn incomplete(plan: &[(Step, Progress)]) {
    for (step, progress) in plan {
        let told = &progress.told;
        if told.files > 0 {
            say(format_args!("{} x {}: files without a link", told.files, step.name()));
        }
        for (reason, count) in &told.refused {
            say(format_args!("{count} x {}: {}", step.name(), clean(reason)));
        }
        if !told.unknown.is_empty() {
            let names: Vec<String> = told.unknown.keys().take(NAMES).map(|name| clean(name)).collect();
            let more = told.unknown.len().saturating_sub(NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            say(format_args!("{}: fields without a place here: {}{more}", step.name(), names.join(", ")));
        }
    }
}
