//! What became of a copy: what was taken, what was not, and why.

use std::collections::BTreeMap;

use anyhow::Result;
use portal::Portal;
use portal::clone::{self, Progress};
use portal::copy::{Dangling, Step};

use crate::cli::{clean, say};

/// Names that are told of one list.
const NAMES: usize = 12;

/// Prints it.
pub async fn print(portal: &Portal, dangling: &[Dangling]) -> Result<()> {
    let plan = clone::plan(portal).await?;
    let taken: u64 = plan.iter().map(|(_, progress)| progress.told.rows).sum();
    say(format_args!("{taken} rows were written."));
    skipped(&plan);
    incomplete(&plan);
    for Dangling { table, field, count } in dangling {
        say(format_args!("{count} x {table}, {field}: leads to what is not there"));
    }
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

/// What rows had that could not be kept.
fn incomplete(plan: &[(Step, Progress)]) {
    let files: u64 = plan.iter().map(|(_, progress)| progress.told.files).sum();
    if files > 0 {
        say(format_args!("Not taken, files are not copied: {files} files of records"));
    }
    for (step, progress) in plan {
        let told = &progress.told;
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
