//! `cargo xtask soak`: what `cargo xtask test` does for seconds, for as long as the promise says.

use crate::{Outcome, clients, cluster::Cluster, fuzz, install, paths, shell, suite, term};
use std::process::Command;
use std::time::Duration;

/// 50 kills under load on each engine, of writes and of stock documents, honest calls beside attacks, then each fuzz target for ten minutes; or the long run of
/// deliveries.
pub(crate) fn soak(arguments: &[String]) -> Outcome {
    if let Some(recipe) = RECIPES.iter().find(|recipe| words(arguments).any(|word| word == recipe.flag)) {
        return reliability(recipe, arguments);
    }
    if words(arguments).any(|word| word == "--deliveries") {
        let changes = words(arguments).skip_while(|word| *word != "--deliveries").nth(1);
        let changes = changes.and_then(|word| word.parse().ok()).unwrap_or(200_000);
        return deliveries(changes, number(arguments, "--kills", 30)?);
    }
    if words(arguments).any(|word| word == "--failover") {
        return failover(number(arguments, "--rounds", 5)?);
    }
    if words(arguments).any(|word| word == "--copies") {
        return copies();
    }
    if words(arguments).any(|word| word == "--uploads") {
        return uploads(&Cluster::start()?);
    }
    if words(arguments).any(|word| word == "--attacks") {
        return attacks(&Cluster::start()?, number(arguments, "--rounds", 300)?);
    }
    if words(arguments).any(|word| word == "--descriptions") {
        return descriptions(number(arguments, "--requests", 8)?, number(arguments, "--seed", 1)?);
    }
    if words(arguments).any(|word| word == "--nodes") {
        return nodes(arguments);
    }
    if words(arguments).any(|word| word == "--s3") {
        return s3();
    }
    if words(arguments).any(|word| word == "--secrets") {
        return secrets(&Cluster::start()?);
    }
    let kills = number(arguments, "--kills", 50)?;
    let minutes = number(arguments, "--minutes", 10)?;
    term::step("What the tests need", install::system)?;
    let cluster = Cluster::start()?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES".to_owned(), cluster.url()),
        ("PORTREEVE_KILLS".to_owned(), kills.to_string()),
    ];
    term::step(&format!("{kills} kills under load"), || {
        suite::run(&["--package", "it"], Some("durability"), &environment)
    })?;
    attacks(&cluster, number(arguments, "--rounds", 300)?)?;
    if minutes == 0 {
        return Ok(());
    }
    fuzz::run(Duration::from_secs(minutes * 60))
}

/// A part of docs/reliability.md: the tests of `tests/it/reliability` that a flag runs, and the numbers that they are told.
struct Recipe {
    flag: &'static str,
    tests: &'static [&'static str],
    numbers: &'static [(&'static str, &'static str, u64)],
    needs: &'static [install::Need],
}

const RECIPES: &[Recipe] = &[
    Recipe {
        flag: "--mixed",
        tests: &["reliability::mixed::"],
        numbers: &[("--kills", "PORTREEVE_KILLS", 200), ("--minutes", "PORTREEVE_MINUTES", 10)],
        needs: &[],
    },
    Recipe { flag: "--disks", tests: &["reliability::disks::"], numbers: &[], needs: &[] },
    Recipe { flag: "--clocks", tests: &["reliability::clocks::"], numbers: &[], needs: &[install::FAKETIME] },
    Recipe { flag: "--damage", tests: &["reliability::damage::"], numbers: &[], needs: &[] },
    Recipe {
        flag: "--crowd",
        tests: &["reliability::crowd::"],
        numbers: &[("--connections", "PORTREEVE_IDLE", 10_000)],
        needs: &[],
    },
    Recipe {
        flag: "--postgres",
        tests: &["reliability::server::"],
        numbers: &[("--kills", "PORTREEVE_KILLS", 50)],
        needs: &[],
    },
];

/// Builds the program and runs the tests of a recipe, one after the other, at a low priority; they print what came of it.
fn reliability(recipe: &Recipe, arguments: &[String]) -> Outcome {
    term::step("What the tests need", || install::system().and_then(|()| install::all(recipe.needs)))?;
    let cluster = Cluster::start()?;
    term::step("Building", || {
        shell::run(shell::cargo().args(["build", "--workspace", "--bin", "portreeve"]))?;
        shell::run(shell::cargo().args(["test", "--workspace", "--test", "it", "--no-run"]))
    })?;
    let mut test = shell::command("nice", &["-n", "5"]);
    test.arg(shell::cargo().get_program());
    test.args(["test", "--workspace", "--test", "it", "--"]).args(recipe.tests);
    test.args(["--nocapture", "--test-threads", "1"]).env("PORTREEVE_TEST_POSTGRES", cluster.url());
    for (flag, variable, default) in recipe.numbers {
        test.env(variable, number(arguments, flag, *default)?.to_string());
    }
    term::step(&format!("soak {}", recipe.flag), || shell::run(&mut test))
}

/// One, two and four nodes behind nginx, with kills; prints what they do in a second, and what that is bounded by. Of the program that
/// PORTREEVE_BIN names, or the one that is built for debugging.
fn nodes(arguments: &[String]) -> Outcome {
    let counts =
        words(arguments).skip_while(|word| *word != "--nodes").nth(1).filter(|word| !word.starts_with('-'));
    let minutes = number(arguments, "--minutes", 1)?.min(60);
    term::step("What the tests need", || install::system().and_then(|()| install::all(&[install::NGINX])))?;
    let cluster = Cluster::durable()?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES", cluster.url()),
        ("PORTREEVE_NODES", counts.unwrap_or("1,2,4").to_owned()),
        ("PORTREEVE_NODES_SECONDS", (minutes * 60).to_string()),
        ("PORTREEVE_NODES_KILLS", number(arguments, "--kills", 6)?.to_string()),
    ];
    let mut test = shell::cargo();
    test.args(["test", "--workspace", "--test", "it", "--", "nodes::nothing_is_lost", "--nocapture"])
        .envs(environment);
    term::step("Building the program", || {
        shell::run(shell::cargo().args(["build", "--workspace", "--bin", "portreeve"]))
    })?;
    term::step("Nodes behind a proxy", || shell::run(&mut test))
}

/// Files of two nodes on a server that speaks S3.
fn s3() -> Outcome {
    term::step("What the tests need", || install::system().and_then(|()| clients::s3()))?;
    let cluster = Cluster::start()?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES".to_owned(), cluster.url()),
        ("PORTREEVE_CLIENTS".to_owned(), paths::clients().display().to_string()),
    ];
    let run = || suite::run(&["--package", "it"], Some("nodes_files"), &environment);
    term::step("Files of two nodes on S3", run).map(drop)
}

/// Honest calls beside clients that hold the server up on purpose, as a release; prints how long they waited.
fn attacks(cluster: &Cluster, rounds: u64) -> Outcome {
    build_release()?;
    let environment = [("PORTREEVE_ATTACK_ROUNDS", rounds.to_string())];
    term::step(&format!("{rounds} rounds of honest calls beside each attack"), || {
        shell::run(&mut release_test(&["attacks::"], cluster, &environment))
    })
}

/// So many invented requests to every method, whose answers must be as they are described.
fn descriptions(requests: u64, seed: u64) -> Outcome {
    term::step("What the tests need", || install::system().and_then(|()| clients::install()))?;
    let cluster = Cluster::start()?;
    let environment = [
        ("PORTREEVE_TEST_POSTGRES".to_owned(), cluster.url()),
        ("PORTREEVE_CLIENTS".to_owned(), paths::clients().display().to_string()),
        ("PORTREEVE_INVENTED".to_owned(), requests.to_string()),
        ("PORTREEVE_SEED".to_owned(), seed.to_string()),
    ];
    let run = || suite::run(&["--package", "it"], Some("describe::nothing_is_answered"), &environment);
    term::step(&format!("{requests} requests to every method"), run).map(drop)
}

/// A gigabyte up and down again and twenty files at once, as a release; prints how long that took and what memory.
fn uploads(cluster: &Cluster) -> Outcome {
    build_release()?;
    let environment = [("PORTREEVE_UPLOAD_MIB", "1024".to_owned())];
    term::step("A gigabyte by uploadUrl, twenty times fifty megabytes, kills", || {
        shell::run(&mut release_test(&["uploads::"], cluster, &environment))
    })
}

/// PostgreSQL's primary is killed under load and its replica promoted, so often with one node and with two; then a server alone is.
fn failover(rounds: u64) -> Outcome {
    term::step("What the tests need", install::system)?;
    let environment = [("PORTREEVE_FAILOVERS".to_owned(), rounds.to_string()), shown()];
    let run = || suite::run(&["--package", "it"], Some("failover::"), &environment);
    term::step(&format!("{rounds} failovers with one node and with two"), run).map(drop)
}

/// Has nextest print what tests say that passed.
fn shown() -> (String, String) {
    ("NEXTEST_SUCCESS_OUTPUT".to_owned(), "immediate".to_owned())
}

/// What `pg_basebackup` and Litestream copied of a portal under load is restored and compared.
fn copies() -> Outcome {
    term::step("What the tests need", install::system)?;
    let litestream = clients::litestream()?.display().to_string();
    let environment = [("PORTREEVE_LITESTREAM".to_owned(), litestream), shown()];
    let run = || suite::run(&["--package", "it"], Some("copies::"), &environment);
    term::step("Copies of both engines", run).map(drop)
}

/// Everything that is secret, sought in what is kept, as a release; prints what the process remembers, which needs gcore (of gdb).
fn secrets(cluster: &Cluster) -> Outcome {
    build_release()?;
    let environment = [("PORTREEVE_CORE", "1".to_owned())];
    term::step("Secrets sought in what is kept", || {
        shell::run(&mut release_test(&["secrets_kept::"], cluster, &environment))
    })
}

fn build_release() -> Outcome {
    term::step("Building the release", || {
        shell::run(shell::cargo().args(["build", "--release", "--package", "portreeve"]))
    })
}

/// A test of the release that prints figures.
fn release_test(filters: &[&str], cluster: &Cluster, environment: &[(&str, String)]) -> Command {
    let mut test = shell::cargo();
    test.args(["test", "--release", "--package", "it", "--test", "it", "--"])
        .args(filters)
        .arg("--nocapture")
        .env("PORTREEVE_TEST_POSTGRES", cluster.url())
        .envs(environment.iter().cloned());
    test
}

/// Deliveries to handlers of every kind with kills in between, on each engine, as a release.
fn deliveries(changes: u64, kills: u64) -> Outcome {
    term::step("What the tests need", install::system)?;
    let cluster = Cluster::start()?;
    build_release()?;
    let environment =
        [("PORTREEVE_SOAK_CHANGES", changes.to_string()), ("PORTREEVE_SOAK_KILLS", kills.to_string())];
    let mut test =
        release_test(&["outbound_soak::", "outbound_pace::", "outbound_backlog::"], &cluster, &environment);
    term::step(&format!("{changes} changes, {kills} kills"), || shell::run(&mut test))
}

/// The number after a flag, in either spelling (`--kills 9`, `--kills=9`).
fn number(arguments: &[String], flag: &str, default: u64) -> Outcome<u64> {
    let mut words = words(arguments);
    let Some(_) = words.find(|word| *word == flag) else { return Ok(default) };
    words.next().and_then(|word| word.parse().ok()).ok_or_else(|| format!("{flag} takes a number"))
}

fn words(arguments: &[String]) -> impl Iterator<Item = &str> {
    arguments.iter().flat_map(|argument| argument.split('='))
}
