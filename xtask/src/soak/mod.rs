//! `cargo xtask soak`: what `cargo xtask test` does for seconds, for as long as the promise says.

mod recipes;

use std::fmt::Write;
use std::time::Duration;

use crate::cluster::Cluster;
use crate::{Outcome, fuzz, install, shell, term};

use recipes::{ATTACKS, KILLS, RECIPES};

/// A long test: those of `tests/it` that it runs, and what they need.
struct Recipe {
    flag: &'static str,
    about: &'static str,
    /// Beginnings of their names.
    tests: &'static [&'static str],
    numbers: &'static [Number],
    /// Installs what it needs beside what all tests do, and gives what the tests are told of that.
    prepare: fn() -> Outcome<Vec<(&'static str, String)>>,
    program: Program,
    server: Server,
}

/// How much of something it does.
struct Number {
    flag: &'static str,
    /// By which the tests are told.
    variable: &'static str,
    default: u64,
    about: &'static str,
}

/// How the program is built.
#[derive(Clone, Copy, PartialEq)]
enum Program {
    Debug,
    /// For figures
    Release,
}

/// The PostgreSQL server that it runs on.
enum Server {
    /// Does not wait for its disk
    Quick,
    /// Waits for it, as a server of a company does
    Durable,
}

/// Runs the recipe that is named; without one, kills under load, attacks and fuzzing.
pub(crate) fn soak(arguments: &[String]) -> Outcome {
    if let Some(recipe) = RECIPES.iter().find(|recipe| words(arguments).any(|word| word == recipe.flag)) {
        return run(recipe, arguments);
    }
    if words(arguments).all(|word| word != FUZZ) {
        run(&KILLS, arguments)?;
        run(&ATTACKS, arguments)?;
    }
    match number(arguments, MINUTES.flag, MINUTES.default)? {
        0 => Ok(()),
        minutes => [fuzz::WIRE, fuzz::CALL]
            .iter()
            .try_for_each(|folder| fuzz::run(folder, Duration::from_secs(minutes * 60))),
    }
}

/// Fuzzing alone.
const FUZZ: &str = "--fuzz";

/// How long each target is fuzzed.
const MINUTES: Number =
    Number { flag: "--minutes", variable: "", default: 10, about: "fuzzing of each target; 0 skips it" };

/// What can be asked for.
pub(crate) fn help() -> String {
    let mut text =
        "Without a recipe: kills under load, attacks, and fuzzing of each target for ten minutes.\n\
                    docs/reliability.md has the last results.\n\n"
            .to_owned();
    KILLS.numbers.iter().chain([&MINUTES]).for_each(|number| describe(&mut text, number));
    text.push_str(&row(FUZZ, "fuzz every parser and whole calls, and nothing else"));
    describe(&mut text, &MINUTES);
    for recipe in RECIPES {
        text.push_str(&row(recipe.flag, recipe.about));
        recipe.numbers.iter().for_each(|number| describe(&mut text, number));
    }
    text
}

fn describe(text: &mut String, number: &Number) {
    let flag = format!("  {} N", number.flag);
    text.push_str(&row(&flag, &format!("{} (default {})", number.about, number.default)));
}

/// A name and what it is, in columns.
fn row(name: &str, about: &str) -> String {
    const WIDTH: usize = 96;
    let (mut text, mut used) = (format!("{name:<20}"), 0);
    for word in about.split_whitespace() {
        if used > 0 && used + word.len() > WIDTH {
            let _ = write!(text, "\n{:<20}", "");
            used = 0;
        }
        text.push_str(word);
        text.push(' ');
        used += word.len() + 1;
    }
    format!("{}\n", text.trim_end())
}

/// Builds the program and runs the tests of a recipe, one after the other, at a low priority; they print what came of it.
fn run(recipe: &Recipe, arguments: &[String]) -> Outcome {
    let prepare = || install::system().and_then(|()| (recipe.prepare)());
    let mut environment = term::step("What the tests need", prepare)?;
    for Number { flag, variable, default, .. } in recipe.numbers {
        environment.push((variable, number(arguments, flag, *default)?.to_string()));
    }
    let cluster = match recipe.server {
        Server::Quick => Cluster::start()?,
        Server::Durable => Cluster::durable()?,
    };
    environment.push(("PORTREEVE_TEST_POSTGRES", cluster.url()));
    let profile: &[&str] = if recipe.program == Program::Release { &["--release"] } else { &[] };
    let tests = [&["test", "--workspace", "--test", "it"], profile].concat();
    term::step("Building", || {
        shell::run(shell::cargo().args(["build", "--workspace", "--bin", "portreeve"]).args(profile))?;
        shell::run(shell::cargo().args(&tests).arg("--no-run"))
    })?;
    let mut test = shell::command("nice", &["-n", "5"]);
    test.arg(shell::cargo().get_program()).args(&tests).arg("--").args(recipe.tests);
    test.args(["--nocapture", "--test-threads", "1"]).envs(environment);
    term::step(&format!("soak {}", recipe.flag), || shell::run(&mut test))
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
