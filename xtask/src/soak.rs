//! `cargo xtask soak`: what `cargo xtask test` does for seconds, for as long as the promise says.

use crate::{Outcome, cluster::Cluster, fuzz, install, suite, term};
use std::time::Duration;

/// 50 kills under load on each engine, then each fuzz target for ten minutes.
pub(crate) fn soak(arguments: &[String]) -> Outcome {
    let kills = number(arguments, "--kills", 50)?;
    let minutes = number(arguments, "--minutes", 10)?;
    term::step("What the tests need", install::system)?;
    let cluster = Cluster::start()?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES".to_owned(), cluster.url()),
        ("PORTREEVE_KILLS".to_owned(), kills.to_string()),
    ];
    term::step(&format!("{kills} kills under load"), || {
        suite::run(&["--package", "it"], Some("durability::"), &environment)
    })?;
    if minutes == 0 {
        return Ok(());
    }
    fuzz::run(Duration::from_secs(minutes * 60))
}

/// The number after a flag, in either spelling (`--kills 9`, `--kills=9`).
fn number(arguments: &[String], flag: &str, default: u64) -> Outcome<u64> {
    let mut words = arguments.iter().flat_map(|argument| argument.split('='));
    let Some(_) = words.find(|word| *word == flag) else { return Ok(default) };
    words.next().and_then(|word| word.parse().ok()).ok_or_else(|| format!("{flag} takes a number"))
}
