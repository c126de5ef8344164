//! `cargo xtask bench`: the figures of the release, each beside what the same machine reaches with less to do.
//!
//! The load comes from this machine too, so only the shares mean something elsewhere. Every figure is taken in several
//! short rounds, each next to a round of what it is compared with, and is the median of them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

mod console;
mod deliveries;
mod growth;
mod log;
mod requests;
mod table;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", sizes @ ..] => requests::bare::serve(sizes),
        ["client", rest @ ..] => deliveries::client::send(rest),
        [program, rest @ ..] => bench(Path::new(program), rest),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "usage: benches PORTREEVE [requests | log | deliveries | console | growth [crm | goods | tasks | messages | files].. [--rows NUMBER] [--engine sqlite | postgres]] [--quick]";

fn bench(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let (quick, sections): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| **word == "--quick");
    let quick = !quick.is_empty();
    match sections.as_slice() {
        [] => requests::bench(program, quick)
            .and_then(|()| log::bench(program, quick))
            .and_then(|()| deliveries::bench(program, quick))
            .and_then(|()| console::bench(program, quick)),
        ["requests"] => requests::bench(program, quick),
        ["log"] => log::bench(program, quick),
        ["deliveries"] => deliveries::bench(program, quick),
        ["console"] => console::bench(program, quick),
        ["growth", rest @ ..] => growth::bench(program, rest, quick),
        _ => Err(USAGE.to_owned()),
    }
}
