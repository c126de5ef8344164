//! `cargo xtask test`: what must hold before a change leaves the machine. CI runs just this.

use crate::term::{self, Steps};
use crate::{Outcome, clients, cluster::Cluster, docs, fuzz, install, paths, replay, shell, suite, web};
use std::time::Duration;

/// How long each fuzz target runs here; `cargo xtask soak` takes longer.
const FUZZING: Duration = Duration::from_secs(10);

/// Everything, or with a filter the tests that match it.
pub(crate) fn test(arguments: &[String]) -> Outcome {
    term::step("What the tests need", || install::system().and_then(|()| clients::install()))?;
    let mut steps = Steps::default();
    // First, since the program holds the pages.
    steps.run("Console: pages", || web::command(&[]));
    let filter = arguments.first().map(String::as_str);
    if filter.is_none() {
        checks(&mut steps);
    }
    let tally = tests(&mut steps, filter);
    if filter.is_none() {
        steps.run("Examples in doc comments", suite::documents);
        steps.run("Generated documents are fresh", || suite::program_is_built().and_then(|()| docs::check()));
        steps.run("Documented examples", replay::of_suite);
        steps.run("Fuzzing, briefly", || fuzz::run(fuzz::WIRE, FUZZING));
    }
    if let Some(tally) = tally {
        term::print(&tally.to_string());
    }
    steps.finish()
}

/// What can be said without running anything. The console's types and texts keep one processor busy, and so have the other
/// checks beside them.
fn checks(steps: &mut Steps) {
    std::thread::scope(|scope| {
        let console = scope.spawn(web::check);
        sources(steps);
        steps.run("Console: types and texts", || {
            console.join().expect("the check of the console does not panic")
        });
    });
}

fn sources(steps: &mut Steps) {
    steps.run("Formatting", || shell::run(shell::cargo().args(["fmt", "--all", "--check"])));
    let lints = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.run("Lints", || shell::run(shell::cargo().args(lints)));
    if paths::which("typos").is_some() {
        steps.run("Spelling", || shell::run(&mut shell::command("typos", &[])));
    }
    if paths::which("cargo-deny").is_some() {
        steps.run("Licences and advisories", || shell::run(shell::cargo().args(["deny", "check"])));
    }
}

/// The suite, with a PostgreSQL of its own for as long as it runs.
fn tests(steps: &mut Steps, filter: Option<&str>) -> Option<suite::Tally> {
    let cluster = steps.run("A throw-away PostgreSQL", Cluster::start)?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES".to_owned(), cluster.url()),
        ("PORTREEVE_CLIENTS".to_owned(), paths::clients().display().to_string()),
    ];
    steps.run("Tests", || suite::run(suite::ALL, filter, &environment))
}
