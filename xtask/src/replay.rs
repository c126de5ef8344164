//! `cargo xtask replay`: are our answers those of the documentation?

use crate::{Outcome, paths, shell, term};
use std::path::Path;
use std::process::Command;

/// The documented examples, which are not part of the project.
const SAMPLES: &str = "../shared/catalogue/methods";
const RUN: &str = "tests/replay/run.sh";

/// The share of what can be judged that must be as documented. What is not is a line of work, or of reason in `judging.py`.
const SHARE: &str = "0.97";

/// Builds the program and sends it the documented examples. Without them there is nothing to do.
pub(crate) fn replay(arguments: &[String]) -> Outcome {
    shell::run(shell::cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let Some(mut run) = command() else { return Ok(()) };
    shell::run(run.args(arguments))
}

/// The same with the program as last built, for `cargo xtask test`.
pub(crate) fn of_suite() -> Outcome {
    let Some(mut run) = command() else { return Ok(()) };
    shell::quiet(run.args(["--at-least", SHARE, "--no-errors"])).map(drop)
}

fn command() -> Option<Command> {
    let samples = std::env::var_os("METHODS").unwrap_or_else(|| SAMPLES.into());
    if !Path::new(&samples).is_dir() {
        let folder = samples.display();
        term::print(&format!(
            "    skipped: there are no documented examples in {folder}; METHODS names another folder with them\n"
        ));
        return None;
    }
    let mut run = shell::command(RUN, &[]);
    run.env("BIN", paths::built("debug", "portreeve")).env("METHODS", samples);
    Some(run)
}
