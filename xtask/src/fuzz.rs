//! The fuzz targets of `fuzz/` (fuzz/README.md says how they work by hand).

use crate::{Outcome, install, shell, term};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Runs every target for that long, one after the other. Does nothing, and says so, where there is no `fuzz/`.
pub(crate) fn run(each: Duration) -> Outcome {
    if !Path::new("fuzz/Cargo.toml").is_file() {
        term::note("no fuzz/ here: nothing to run");
        return Ok(());
    }
    install::cargo_tool("fuzz", "cargo-fuzz")?;
    let targets = shell::quiet(cargo_fuzz("list").arg("--fuzz-dir").arg("fuzz"))?;
    for target in targets.split_whitespace() {
        term::step(&format!("Fuzzing {target}"), || {
            // No sanitizer: our crates forbid unsafe code, so panics and broken promises are what can be found.
            let arguments = ["--fuzz-dir", "fuzz", "--sanitizer", "none", target, "--"];
            let limit = format!("-max_total_time={}", each.as_secs());
            shell::quiet(cargo_fuzz("run").args(arguments).args([
                &limit,
                "-max_len=65536",
                "-rss_limit_mb=2048",
            ]))
        })?;
    }
    Ok(())
}

fn cargo_fuzz(verb: &str) -> Command {
    let mut command = shell::cargo();
    // The stable compiler has coverage instrumentation behind this switch; there is no nightly to rely on.
    command.args(["fuzz", verb]).env("RUSTC_BOOTSTRAP", "1");
    command
}
