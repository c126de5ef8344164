//! The documents that the program writes about itself.

use crate::{Outcome, paths, shell};
use std::fs;

const COVERAGE: &str = "docs/coverage.md";

/// Writes them anew.
pub(crate) fn write(_: &[String]) -> Outcome {
    shell::run(shell::cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    fs::write(COVERAGE, coverage()?).map_err(|error| format!("cannot write {COVERAGE}: {error}"))
}

/// Fails when one of them is not what the program, as last built, would write.
pub(crate) fn check() -> Outcome {
    let found = fs::read_to_string(COVERAGE).map_err(|error| format!("cannot read {COVERAGE}: {error}"))?;
    if found == coverage()? {
        return Ok(());
    }
    Err(format!("{COVERAGE} is stale; write it anew with: cargo xtask docs"))
}

fn coverage() -> Outcome<String> {
    shell::quiet(&mut shell::command(paths::built("debug", "portreeve"), &["describe", "--coverage"]))
}
