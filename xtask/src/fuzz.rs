//! The fuzz targets of `fuzz/` (fuzz/README.md says how they work by hand).

use crate::{Outcome, install, shell, term};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The decoders of the wire format.
pub(crate) const WIRE: &str = "fuzz";
/// Whole calls, which take the whole portal to be compiled.
pub(crate) const CALL: &str = "fuzz/call";

/// Runs every target in a folder for that long. Does nothing, and says so, where there is no such folder.
pub(crate) fn run(folder: &str, each: Duration) -> Outcome {
    if !Path::new(folder).join("Cargo.toml").is_file() {
        term::note(&format!("no {folder}/ here: nothing to run"));
        return Ok(());
    }
    install::cargo_tool("fuzz", "cargo-fuzz")?;
    // All at once, so that what they share is compiled once; then as many as there are processors for run side by side.
    term::step("Building the fuzz targets", || {
        shell::quiet(&mut cargo_fuzz(folder, &["build", "--sanitizer", "none"]))
    })?;
    let listed = shell::quiet(&mut cargo_fuzz(folder, &["list"]))?;
    let mut targets: Vec<&str> = listed.split_whitespace().collect();
    targets.sort_unstable();
    let own = sources(folder)?;
    if targets != own {
        return Err(format!("cargo-fuzz lists {targets:?}, and {folder}/targets has {own:?}"));
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    targets.chunks(processors).try_for_each(|some| {
        term::step(&format!("Fuzzing {}", some.join(", ")), || together(folder, some, each))
    })
}

/// The targets whose sources are in a folder.
fn sources(folder: &str) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(Path::new(folder).join("targets"));
    let entries = entries.map_err(|error| format!("cannot read {folder}/targets: {error}"))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut targets: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).collect();
    targets.sort_unstable();
    Ok(targets)
}

/// Runs targets side by side; every one of them has its time, whatever the others find.
fn together(folder: &str, targets: &[&str], each: Duration) -> Outcome {
    let found: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> =
            targets.iter().map(|target| scope.spawn(move || fuzz(folder, target, each))).collect();
        let ends = runs.into_iter().map(|run| run.join().expect("a run of a fuzz target does not panic"));
        ends.filter_map(Result::err).collect()
    });
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// The longest that one input may take, in seconds. Whole calls begin with a portal with demo data.
const SLOWEST: &str = "-timeout=120";

/// No sanitizer: our crates forbid unsafe code, so panics and broken promises are what can be found, and what takes too long.
fn fuzz(folder: &str, target: &str, time: Duration) -> Outcome {
    let (corpus, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
    std::fs::create_dir_all(Path::new(folder).join(&corpus))
        .map_err(|error| format!("cannot make {corpus}: {error}"))?;
    let limit = format!("-max_total_time={}", time.as_secs());
    let mut run = vec!["run", "--sanitizer", "none", target, &corpus];
    run.extend(Path::new(folder).join(&seeds).is_dir().then_some(seeds.as_str()));
    run.extend(["--", &limit, SLOWEST, "-verbosity=0"]);
    shell::quiet(&mut cargo_fuzz(folder, &run)).map(drop)
}

fn cargo_fuzz(folder: &str, arguments: &[&str]) -> Command {
    let (command, rest) = arguments.split_first().expect("a command");
    let mut fuzz = shell::cargo();
    // By itself cargo-fuzz takes the folder of that name above the current one.
    fuzz.args(["fuzz", command, "--fuzz-dir", "."]).args(rest).current_dir(folder);
    fuzz
}
