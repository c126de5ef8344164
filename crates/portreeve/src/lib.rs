//! The program: everything that waits, listens, prints or reads the clock. It is a library so that its parsers can be fuzzed.

mod alerts;
mod api;
mod archive;
mod cli;
mod clock;
mod clone;
mod console;
mod courier;
mod deliveries;
mod demo;
mod describe;
mod doctor;
mod fault;
mod file;
mod filestore;
mod fixtures;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod garbage;
mod health;
mod hook;
mod http;
mod listen;
mod logs;
mod mail;
mod metrics;
mod near;
mod operator;
mod outbound;
mod place;
mod private;
mod rules;
mod serve;
mod settings;
mod shift;
mod snapshot;
mod timetable;
mod tls;
mod traces;
mod usage;
mod user;
mod when;

use std::process::ExitCode;

use cli::Command;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    private::by_default();
    let outcome = cli::parse(std::env::args_os()).and_then(|cli| match cli.command {
        Command::Serve(settings) => serve::run(&cli.place, &settings, serve::Welcome::Plain),
        Command::Demo { settings, size } => serve::run(&cli.place, &settings, serve::Welcome::Demo(size)),
        Command::Clone { rules, wanted } => clone::run(&cli.place, &rules, &wanted),
        Command::Hook(command) => hook::run(&cli.place, command),
        Command::Outbound { rules, command } => outbound::run(&cli.place, &rules, command),
        Command::Deliveries { rules, command } => deliveries::run(&cli.place, &rules, command),
        Command::Alerts { rules, telling, command } => alerts::run(&cli.place, &rules, &telling, &command),
        Command::Listen { rules, listen } => listen::run(&cli.place, &rules, &listen),
        Command::Fixtures { rules, command } => fixtures::run(&cli.place, &rules, command),
        Command::User(command) => user::run(&cli.place, command),
        Command::Fault(command) => fault::run(&cli.place, &command),
        Command::Clock { command } => shift::run(&cli.place, command.as_ref()),
        Command::Snapshot(command) => snapshot::run(&cli.place, command),
        Command::Reset { to, snapshot } => snapshot::reset(&cli.place, &to, snapshot.as_deref()),
        Command::Health { listen } => health::run(listen),
        Command::Doctor { settings, wanted } => doctor::run(&cli.place, &settings, &wanted),
        Command::Backup { to, files_only } => archive::backup(&cli.place, &to, files_only),
        Command::Restore { from } => archive::restore(&cli.place, &from),
        Command::Describe { coverage, modules, openapi } => describe::run(coverage, modules, &openapi),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::FAILURE
        }
    }
}
