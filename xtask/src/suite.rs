//! The test suite: cargo-nextest where it is installed, `cargo test` elsewhere.

use crate::{Outcome, paths, shell, term};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Every package of the workspace.
pub(crate) const ALL: &[&str] = &["--workspace"];

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Builds the program, which `tests/` runs as a process, and the tests of these packages ([`ALL`]); runs those whose name
/// contains the filter.
pub(crate) fn run(
    packages: &[&str],
    filter: Option<&str>,
    environment: &[(String, String)],
) -> Outcome<Tally> {
    // With the tests, which need features of dependencies that the program alone does not: all is compiled once.
    shell::run(shell::cargo().args(["build", "--workspace", "--all-targets"]))?;
    let colour = if term::shows_colours() { "always" } else { "never" };
    let nextest = shell::quiet(shell::cargo().args(["nextest", "--version"])).is_ok();
    let mut command = shell::cargo();
    match nextest {
        true => command.args(["nextest", "run", "--no-fail-fast", "--no-tests=fail", "--color", colour]),
        false => command.args(["test", "--no-fail-fast", "--all-targets"]),
    };
    command.args(packages).args(filter).envs(environment.iter().cloned()).stdin(Stdio::null());
    // Nextest reports on standard error, libtest on standard output.
    match nextest {
        true => command.stderr(Stdio::piped()),
        false => command.stdout(Stdio::piped()),
    };
    let mut child = command.spawn().map_err(|error| format!("cannot start the tests: {error}"))?;
    let tally = match (child.stderr.take(), child.stdout.take()) {
        (Some(report), _) => pass_on(BufReader::new(report), nextest_line),
        (_, Some(report)) => pass_on(BufReader::new(report), libtest_line),
        (None, None) => Tally::default(),
    };
    let status = child.wait().map_err(|error| format!("lost the tests: {error}"))?;
    if status.success() {
        return Ok(tally);
    }
    Err(format!("tests: {tally}"))
}

/// Examples in doc comments, which nextest does not run.
pub(crate) fn documents() -> Outcome {
    shell::run(shell::cargo().args(["test", "--quiet", "--workspace", "--doc"]))
}

/// Whether the program was built, for the steps that run it.
pub(crate) fn program_is_built() -> Outcome {
    let program = paths::built("debug", "portreeve");
    if program.is_file() { Ok(()) } else { Err(format!("{} was not built", program.display())) }
}

/// Shows a report as it comes and adds up the lines that count.
fn pass_on(report: impl BufRead, count: fn(&str) -> Option<Tally>) -> Tally {
    let mut sum = Tally::default();
    for line in report.lines().map_while(Result::ok) {
        if let Some(found) = count(&line) {
            sum.passed += found.passed;
            sum.failed += found.failed;
            sum.skipped += found.skipped;
        }
        term::raw(&line);
    }
    sum
}

/// `     Summary [  12.3s] 57 tests run: 55 passed (1 slow), 1 failed, 1 timed out, 3 skipped`
fn nextest_line(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let (_, counts) = plain.trim_start().strip_prefix("Summary")?.split_once("run:")?;
    let count = |word: &str| number_before(counts, word);
    Some(Tally {
        passed: count("passed"),
        failed: count("failed") + count("timed out") + count("exec failed"),
        skipped: count("skipped"),
    })
}

/// `test result: ok. 55 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn libtest_line(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result:")?;
    let count = |word: &str| number_before(counts, word);
    Some(Tally {
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("ignored") + count("filtered out"),
    })
}

fn without_colours(line: &str) -> String {
    let mut pieces = line.split('\x1b');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or(piece, |(_, rest)| rest))
}

fn number_before(counts: &str, word: &str) -> u64 {
    let part = counts
        .split([',', ';', '.'])
        .find(|part| part.trim_start().split_once(' ').is_some_and(|(_, rest)| rest.starts_with(word)));
    part.and_then(|part| part.trim_start().split_once(' '))
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_reports_are_understood() {
        let nextest =
            "     Summary [  12.3s] 60/61 tests run: 55 passed (1 slow), 1 failed, 2 timed out, 3 skipped";
        assert_eq!(nextest_line(nextest), Some(Tally { passed: 55, failed: 3, skipped: 3 }));
        let coloured = "\x1b[32;1m     Summary\x1b[0m [ 1s] \x1b[1m4\x1b[0m tests run: \x1b[1m4\x1b[0m \x1b[32;1mpassed\x1b[0m, 0 skipped";
        assert_eq!(nextest_line(coloured), Some(Tally { passed: 4, failed: 0, skipped: 0 }));
        let libtest = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.01s";
        assert_eq!(libtest_line(libtest), Some(Tally { passed: 5, failed: 2, skipped: 8 }));
        assert_eq!(nextest_line("PASS [ 0.1s] it urls::profile"), None);
    }
}
