//! Everything a person types: `cargo xtask demo | run | web | test | bench | soak | screenshots | docs`.
//!
//! Only the standard library, so that the first build on a new machine takes a second. Each command is one row of
//! [`COMMANDS`]; the help is made from the same rows.

mod bench;
mod clients;
mod cluster;
mod demo;
mod docs;
mod fuzz;
mod install;
mod paths;
mod screenshots;
mod shell;
mod soak;
mod suite;
mod term;
mod test;
mod web;

use std::process::ExitCode;

/// What a command comes to: nothing, or one text that says what went wrong and what to do about it.
type Outcome<T = ()> = Result<T, String>;

/// One command: a row of the help and the function behind it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    more: &'static str,
    run: fn(&[String]) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--listen ADDRESS]",
        about: "build the release and start a portal with demo data, ready to call",
        more: "The data live in ./portreeve-data and stay there: run it again to go on, delete the folder to start anew.\n\
               It prints the console's address with the sign-in, a working webhook URL, and a curl line to paste.\n\
               What follows the command is handed to `portreeve demo`.",
        run: demo::demo,
    },
    Command {
        name: "run",
        arguments: "[ARGUMENTS OF serve]",
        about: "build for debugging and serve ./portreeve-data",
        more: "What follows the command is handed to `portreeve serve`, for example\n\
               cargo xtask run --tls off --listen 127.0.0.1:8080",
        run: demo::run,
    },
    Command {
        name: "web",
        arguments: "",
        about: "build the console's pages into web/dist, if what they are made of changed",
        more: "Needs Node.js 20 or newer with npm. `demo`, `run` and `test` do this by themselves; without Node, `demo` and `run` say\n\
               so and go on with the pages as they were built last, or with none.\n\
               To work on the pages: `cargo xtask run --tls off --listen 127.0.0.1:8080`, and in web/ `npm run dev`.",
        run: web::command,
    },
    Command {
        name: "test",
        arguments: "[FILTER]",
        about: "install what is missing and run every check and every test",
        more: "Without a filter: the console's types and texts, formatting, lints, spelling and licences (where typos and\n\
               cargo-deny are installed), every test on the embedded store and on a throw-away PostgreSQL, the real clients from npm and PyPI, the generated\n\
               documents, and a short run of each fuzz target. This is what CI runs.\n\
               With a filter: only the tests whose name contains it.",
        run: test::test,
    },
    Command {
        name: "bench",
        arguments: "[requests | deliveries | console] [--quick]",
        about: "measure the release against a bare server and a bare client, side by side",
        more: "Prints requests a second, latency, and the share of what a bare server reaches with an answer of the same\n\
               size; then deliveries a second as a share of what the same HTTP client reaches with nothing to write down, the\n\
               time from a call to the arrival of its event, and what a backlog of a million costs; then how long the console's\n\
               pages wait for the server beside 10 000 integrations and 5 million deliveries (on PostgreSQL, too, where\n\
               PORTREEVE_TEST_POSTGRES names a server). One word takes one part.\n\
               Close other programs first: the load comes from the same machine. --quick takes short rounds on few rows,\n\
               to see that it works; its figures mean little.",
        run: bench::bench,
    },
    Command {
        name: "soak",
        arguments: "[--kills N] [--rounds N] [--minutes N] | --attacks [--rounds N] | --deliveries [N] [--kills N]",
        about: "the long versions: kills under load, honest calls beside attacks, 10 minutes of each fuzz target, deliveries to handlers of every kind",
        more: "--kills N        kill the server N times in the middle of a write load, on each engine (default 50)\n\
               --rounds N       call N times beside each attack, and print how long that took (default 300)\n\
               --attacks        only those calls\n\
               --minutes N      fuzz each target for N minutes (default 10; 0 leaves fuzzing out)\n\
               --deliveries N   instead of those: N changes (default 200000) whose events go to handlers that misbehave in\n\
                                every way, with --kills N (default 30) in between, on each engine",
        run: soak::soak,
    },
    Command {
        name: "screenshots",
        arguments: "[--docs]",
        about: "take pictures of every page of the console into target/screenshots",
        more: "Of a portal with something on it, at both widths and in both themes. --docs also puts those that the documents\n\
               show into docs/images.",
        run: screenshots::take,
    },
    Command {
        name: "docs",
        arguments: "",
        about: "write the generated documents anew (docs/coverage.md)",
        more: "`cargo xtask test` fails when they are stale.",
        run: docs::write,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = paths::enter_root().and_then(|()| dispatch(&arguments));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            term::error(&text);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        term::print(&overview());
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        term::print(&overview());
        return Ok(());
    }
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| format!("there is no command `{name}`\n\n{}", overview()))?;
    if rest.iter().any(|argument| matches!(argument.as_str(), "--help" | "-h")) {
        term::print(&details(command));
        return Ok(());
    }
    (command.run)(rest)
}

fn overview() -> String {
    let rows: String =
        COMMANDS.iter().map(|command| format!("  {:<12}{}\n", command.name, command.about)).collect();
    format!(
        "What you can do here:\n\n{rows}\nStart with `cargo xtask demo`; before a change leaves your machine, `cargo xtask test`.\n\
         `cargo xtask COMMAND --help` says more about one."
    )
}

fn details(command: &Command) -> String {
    format!("cargo xtask {} {}\n\n{}.\n\n{}", command.name, command.arguments, command.about, command.more)
}
