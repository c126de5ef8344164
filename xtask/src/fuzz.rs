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
    for target in shell::quiet(&mut cargo_fuzz(&["list"]))?.split_whitespace() {
        term::step(&format!("Fuzzing {target}"), || fuzz(target, each))?;
    }
    Ok(())
}

/// No sanitizer: our crates forbid unsafe code, so panics and broken promises are what can be found.
fn fuzz(target: &str, time: Duration) -> Outcome {
    let (corpus, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
    std::fs::create_dir_all(Path::new("fuzz").join(&corpus))
        .map_err(|error| format!("cannot make {corpus}: {error}"))?;
    let limit = format!("-max_total_time={}", time.as_secs());
    let run = ["run", "--sanitizer", "none", target, &corpus, &seeds, "--", &limit, "-verbosity=0"];
    shell::quiet(&mut cargo_fuzz(&run)).map(drop)
}

fn cargo_fuzz(arguments: &[&str]) -> Command {
    let mut command = shell::cargo();
    command.arg("fuzz").args(arguments).current_dir("fuzz");
    command
}
