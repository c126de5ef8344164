//! `cargo xtask demo` and `cargo xtask run`: build, then become the program.

use crate::{Outcome, paths, shell, term, web};
use std::os::unix::process::CommandExt;

const DATA: &str = "./portreeve-data";

/// The release with demo data.
pub(crate) fn demo(arguments: &[String]) -> Outcome {
    web::build_if_possible()?;
    term::step("Building Portreeve (the first time takes a few minutes)", || {
        shell::run(shell::cargo().args(["build", "--release", "--package", "portreeve"]))
    })?;
    become_portreeve("release", "demo", arguments)
}

/// A debug build, served as the arguments say.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    web::build_if_possible()?;
    shell::run(shell::cargo().args(["build", "--package", "portreeve"]))?;
    become_portreeve("debug", "serve", arguments)
}

/// Replaces this process, so that signals and the terminal are the server's own.
fn become_portreeve(profile: &str, command: &str, arguments: &[String]) -> Outcome {
    let program = paths::built(profile, "portreeve");
    let mut process = shell::command(&program, &[command]);
    if !arguments.iter().any(|argument| argument == "--data" || argument.starts_with("--data=")) {
        process.args(["--data", DATA]);
    }
    let error = process.args(arguments).exec();
    Err(format!("cannot start {}: {error}", program.display()))
}
