//! Tasks for developers: `cargo xtask demo | run | web | test | bench | soak | replay | sbom | reproduce | screenshots | docs`.
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
mod replay;
mod reproduce;
mod sbom;
mod screenshots;
mod shell;
mod soak;
mod suite;
mod term;
mod test;
mod web;

use std::process::ExitCode;

/// The outcome of a command, or a text that says what went wrong and how to fix it.
type Outcome<T = ()> = Result<T, String>;

/// One command: a row of the help and the function behind it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    more: fn() -> String,
    run: fn(&[String]) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--listen ADDRESS]",
        about: "build the release and start a portal with demo data",
        more: || {
            "Data is kept in ./portreeve-data; delete the folder to start over.\n\
               Prints the console's address with the sign-in, a working webhook URL and a curl command to try.\n\
               Further arguments are passed to `portreeve demo`.".into()
        },
        run: demo::demo,
    },
    Command {
        name: "run",
        arguments: "[ARGUMENTS OF serve]",
        about: "build for debugging and serve ./portreeve-data",
        more: || {
            "Arguments are passed to `portreeve serve`, for example\n\
               cargo xtask run --tls off --listen 127.0.0.1:8080"
                .into()
        },
        run: demo::run,
    },
    Command {
        name: "web",
        arguments: "",
        about: "build the console's pages into web/dist if they have changed",
        more: || {
            "Requires Node.js 20 or newer with npm. `demo`, `run` and `test` build the pages themselves; without Node, `demo` and `run`\n\
               say so and use the pages that were built last, if any.\n\
               To work on the pages: `cargo xtask run --tls off --listen 127.0.0.1:8080`, and `npm run dev` in web/.".into()
        },
        run: web::command,
    },
    Command {
        name: "test",
        arguments: "[FILTER]",
        about: "install missing tools and run all checks and tests",
        more: || {
            "Without a filter: the console's types and texts, formatting, lints, spelling and licences (where typos and\n\
               cargo-deny are installed), all tests on SQLite and on a temporary PostgreSQL server, the clients from npm and PyPI, the\n\
               generated documents, the documented examples (where ../shared has them), and a short run of each fuzz target. This is what CI runs.\n\
               With a filter: only the tests whose name contains it.".into()
        },
        run: test::test,
    },
    Command {
        name: "bench",
        arguments: "[requests | log | deliveries | console | growth [PART].. [--rows N] [--engine ENGINE]] [--quick]",
        about: "compare the release with a bare server and a bare client",
        more: || {
            "requests     requests per second, latency, and the share of a bare server that sends answers of the same size\n\
               log          requests per second with the log of calls, as a share of those without\n\
               deliveries   deliveries per second as a share of the same HTTP client that records nothing, the time from a call\n\
               \x20            to the arrival of its event, and the cost of a backlog of a million\n\
               console      how long the console's pages wait for the server with 10 000 integrations and 5 million deliveries\n\
               \x20            (also on PostgreSQL if PORTREEVE_TEST_POSTGRES names a server)\n\
               growth       the same calls on 10 000 rows and on a million, or N, of each PART: crm, goods, tasks, messages, files (also on PostgreSQL, as above)\n\
               --quick      short rounds on few rows, to see that it works; the figures mean little\n\n\
               Without one of the words, all run but growth. Close other programs first: the load comes from the same machine.".into()
        },
        run: bench::bench,
    },
    Command {
        name: "soak",
        arguments: "[RECIPE] [NUMBERS]",
        about: "run the long tests: kills, disks, clocks, failover, attacks, fuzzing and more",
        more: soak::help,
        run: soak::soak,
    },
    Command {
        name: "replay",
        arguments: "[--only PREFIX] [-v] [--at-least SHARE] [--json FILE]",
        about: "send the documented example of every method and compare the answers",
        more: || {
            "Reads the examples in ../shared/catalogue/methods, or the folder that METHODS names, and is skipped without them.\n\
               --only PREFIX      only methods whose names begin with it; may be given again\n\
               --at-least SHARE   fail when fewer of what can be judged are as documented: 0.97\n\
               --json FILE        write verdicts, requests and answers\n\
               -v                 also print what could not be judged\n\n\
               tests/replay/README.md says what is compared, and where new methods get a line.".into()
        },
        run: replay::replay,
    },
    Command {
        name: "sbom",
        arguments: "",
        about: "write what the program and its console are made of into target/sbom, as CycloneDX",
        more: || {
            "Requires cargo-cyclonedx (cargo install --locked cargo-cyclonedx) and Node.js with npm.\n\
               Writes portreeve.cdx.json and console.cdx.json; two runs on the same commit write the same."
                .into()
        },
        run: sbom::write,
    },
    Command {
        name: "reproduce",
        arguments: "[--package NAME] [--profile PROFILE]",
        about: "build the release in two clones at different paths and compare them byte by byte",
        more: || {
            "Builds the last commit in target/reproduce, pages included, and prints the checksum when both are the same.\n\
               --package NAME      another program of the workspace, for a quick try: xtask\n\
               --profile PROFILE   another profile than release".into()
        },
        run: reproduce::run,
    },
    Command {
        name: "screenshots",
        arguments: "[--docs]",
        about: "take pictures of every page of the console into target/screenshots",
        more: || {
            "Takes them of a portal with data, in both widths and themes. --docs also updates the pictures in docs/images.".into()
        },
        run: screenshots::take,
    },
    Command {
        name: "docs",
        arguments: "",
        about: "regenerate docs/coverage.md",
        more: || "`cargo xtask test` fails if it is out of date.".into(),
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
        .ok_or_else(|| format!("unknown command `{name}`\n\n{}", overview()))?;
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
        "Commands:\n\n{rows}\nStart with `cargo xtask demo`. Run `cargo xtask test` before you publish a change.\n\
         `cargo xtask COMMAND --help` describes a command."
    )
}

fn details(command: &Command) -> String {
    format!(
        "cargo xtask {} {}\n\n{}.\n\n{}",
        command.name,
        command.arguments,
        command.about,
        (command.more)()
    )
}
