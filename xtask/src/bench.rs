//! `cargo xtask bench`: the figures, side by side, in one run. `PORTREEVE_BIN` names a program that is built already, to be
//! measured instead.

use crate::{Outcome, paths, shell, term};

/// Builds the release and the load generator, and hands over to it.
pub(crate) fn bench(arguments: &[String]) -> Outcome {
    if let Some(program) = std::env::var_os("PORTREEVE_BIN") {
        term::step("Building the load generator", || {
            shell::run(shell::cargo().args(["build", "--package", "benches"]))
        })?;
        let mut bench = shell::command(paths::built("debug", "benches"), &[]);
        return shell::run(bench.arg(program).args(arguments));
    }
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
