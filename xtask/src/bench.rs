//! `cargo xtask bench`: the figures, side by side, in one run.

use crate::{Outcome, paths, shell, term};

/// Builds the release and the load generator, and hands over to it.
pub(crate) fn bench(arguments: &[String]) -> Outcome {
    term::step("Building the release", || {
        shell::run(shell::cargo().args([
            "build",
            "--release",
            "--package",
            "portreeve",
            "--package",
            "benches",
        ]))
    })?;
    let mut bench = shell::command(paths::built("release", "benches"), &[]);
    shell::run(bench.arg(paths::built("release", "portreeve")).args(arguments))
}
