//! `cargo xtask replay`: are our answers those of the documentation?

use crate::{Outcome, paths, shell, term};
use std::path::Path;

/// The documented examples, which are not part of the project.
const SAMPLES: &str = "../shared/catalogue/methods";
const RUN: &str = "tests/replay/run.sh";

/// Builds the program and sends it the documented examples. Without them there is nothing to do.
pub(crate) fn replay(arguments: &[String]) -> Outcome {
    let samples = std::env::var_os("METHODS").unwrap_or_else(|| SAMPLES.into());
    if !Path::new(&samples).is_dir() {
        term::print(&format!(
            "skipped: there are no documented examples in {}; METHODS names another folder with them.\n",
            samples.display()
        ));
        return Ok(());
    }
    shell::run(shell::cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let program = paths::built("debug", "portreeve");
    shell::run(shell::command(RUN, &[]).args(arguments).env("BIN", program).env("METHODS", samples))
}
