//! The program: everything that waits, listens, prints or reads the clock.

mod cli;
mod clock;
mod file;
mod hook;
mod http;
mod logs;
mod place;
mod serve;
mod settings;
mod tls;
mod user;

use std::process::ExitCode;

use cli::Command;

fn main() -> ExitCode {
    let outcome = cli::parse(std::env::args_os()).and_then(|cli| match cli.command {
        Command::Serve(settings) => serve::run(&cli.place, &settings),
        Command::Hook(command) => hook::run(&cli.place, command),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::FAILURE
        }
    }
}
