//! The command line: arguments, and how answers are printed.

mod clone;
mod describe;
mod fault;
mod outbound;
mod people;
mod print;
mod running;
mod state;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::alerts;
use crate::file::File;
use crate::place::Place;
use crate::rules::Rules;
use crate::settings::Settings;
pub use clone::NewClone;
pub use describe::OpenApi;
pub use fault::FaultCommand;
pub use outbound::{
    Again, Cancelling, ChangedOutbound, DeliveriesCommand, Format, Forwarding, HeldChoice, Listening, Narrow,
    NewOutbound, OutboundCommand, Resuming, Wanted,
};
pub use people::{HookCommand, NewHook, NewPerson, TotpCommand, UserCommand};
pub use print::{clean, columns, complain, note, refusal, say};
pub use running::{AlertsCommand, ClockCommand, Examination};
pub use state::{DemoSize, FixturesCommand, SnapshotCommand};

/// A self-hosted portal that speaks the Bitrix24 REST protocol.
#[derive(Debug, Parser)]
#[command(name = "portreeve", version, after_help = HELP, max_term_width = 110)]
pub struct Cli {
    /// Which portal
    #[command(flatten)]
    pub place: Place,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const HELP: &str = "\
Examples:
  portreeve serve                                          start on http://127.0.0.1:8080, data in ./portreeve-data
  portreeve serve --tls dev --base-url https://crm.test    https with a local authority, for SDKs that insist on it
  portreeve demo                                           the same with customers to play with
  portreeve demo --records 100000 --seed 7                 and with as many more, the same each time
  portreeve serve --fixtures portal.yaml                   start with users, webhooks and records from a file
  portreeve hook create --owner 1 --scope crm,user --name ci
                                                           print the URL of a new inbound webhook
  curl \"$(portreeve hook create --owner 1 --scope crm --name try)crm.lead.fields\"
  portreeve outbound create --owner 1 --name ci --handler https://example.com/in --events ONCRMLEADADD
                                                           send an event to a handler; prints the secrets it checks
  portreeve listen --events ONCRMLEADADD --forward http://localhost:3000/in
                                                           the same while you write that handler

Every setting can also stand in the environment (shown by `portreeve serve --help`) and, under the name of its flag,
in DIR/portreeve.toml or the file that --config names. A flag wins over the environment, and that over the file.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal
    Serve(Settings),
    /// Serve a portal with demo data and print a webhook to try
    Demo {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        size: DemoSize,
    },
    /// Load fixtures, a portal's contents from a file, and check such files
    Fixtures {
        #[command(flatten)]
        rules: Rules,
        #[command(subcommand)]
        command: FixturesCommand,
    },
    /// Copy a Bitrix24 portal into a new one through its inbound webhook
    ///
    /// Reads what the webhook may read and writes it into an empty data folder or PostgreSQL database, with the same ids,
    /// authors and times: users, departments, dictionaries, pipelines, custom fields, smart processes, and the records of
    /// everything that lists can read. It keeps within the limits of the portal. Run the same command again to go on after
    /// an interruption. A webhook of an administrator with all scopes reads most; it needs no right to write.
    ///
    /// Nobody has a password in the copy: `portreeve user passwd 1` gives the administrator one. Webhooks are not copied.
    #[command(after_help = clone::HELP)]
    Clone {
        #[command(flatten)]
        rules: Rules,
        #[command(flatten)]
        wanted: NewClone,
    },
    /// Create, list and revoke inbound webhooks
    #[command(subcommand)]
    Hook(HookCommand),
    /// Create, list, change, test and delete outbound webhooks
    Outbound {
        #[command(flatten)]
        rules: Rules,
        #[command(subcommand)]
        command: OutboundCommand,
    },
    /// List deliveries to handlers and resend them
    Deliveries {
        #[command(flatten)]
        rules: Rules,
        #[command(subcommand)]
        command: DeliveriesCommand,
    },
    /// Try out alerts about failing handlers
    Alerts {
        #[command(flatten)]
        rules: Rules,
        #[command(flatten)]
        telling: alerts::Telling,
        #[command(subcommand)]
        command: AlertsCommand,
    },
    /// Print events as they occur and forward them to a handler under development
    Listen {
        #[command(flatten)]
        rules: Rules,
        #[command(flatten)]
        listen: Listening,
    },
    /// Add and list users and set their passwords
    #[command(subcommand)]
    User(UserCommand),
    /// Have calls and deliveries fail, wait or break off, to see what a program makes of that
    ///
    /// Rules hold from the next call on, until they are cleared or a server starts.
    #[command(subcommand)]
    Fault(FaultCommand),
    /// Show the portal's clock, shift it or freeze it, to test what happens later
    ///
    /// The clock decides when sign-ins, webhooks and secrets expire, events are sent again, alerts are sent and old
    /// deliveries are removed: do not shift it on a portal whose data matters.
    Clock {
        #[command(subcommand)]
        command: Option<ClockCommand>,
    },
    /// Save, restore, list and delete snapshots of the whole portal
    #[command(subcommand, after_help = state::SNAPSHOTS)]
    Snapshot(SnapshotCommand),
    /// Reset the whole portal, all at once, while it is running or not: for tests
    ///
    /// Everything that came since is gone: records, users, webhooks, tables, settings, logs. Sign-ins that the state does not
    /// have end.
    Reset {
        /// State to return to: as it was when a server with --operator-listen became ready (start), a new portal with its
        /// administrator (empty), or one with demo data (demo); the last two have no webhooks
        #[arg(value_name = "STATE", value_parser = ["start", "empty", "demo"], default_value = "start")]
        to: String,
        /// Snapshot to return to instead
        #[arg(long, value_name = "NAME", conflicts_with = "to")]
        snapshot: Option<String>,
    },
    /// Ask the server that is running on this machine whether the portal works, and fail if it does not
    ///
    /// The health check of the container. Prints what /health answers.
    Health {
        /// Address on which the server listens
        #[arg(long, env = "PORTREEVE_LISTEN", value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Check the portal's folder, key, database, files, certificate, clock, handlers, disk and settings, and say what to do
    ///
    /// Changes nothing, and works beside a running server or without one. Give it the settings of the server: it reads the
    /// same file and environment. Run it as the server's user. Each check is a line that begins with ok, warn or fail; the
    /// command fails if one of them does. Handlers are connected to, but sent nothing.
    Doctor {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(flatten)]
        wanted: running::Examination,
    },
    /// Copy the database and the files to a new tar archive while the portal is running
    Backup {
        /// Archive to write; must not exist
        #[arg(value_name = "FILE")]
        to: PathBuf,
        /// Copy only the files: for PostgreSQL, after pg_dump has copied the database
        #[arg(long)]
        files_only: bool,
    },
    /// Restore a backup into a data folder without a portal, and its files to where --files says
    Restore {
        /// Archive that `portreeve backup` or the console wrote
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
    /// Print every method with its parameters and examples as JSON
    Describe {
        /// Print which documented methods are implemented, as Markdown
        #[arg(long)]
        coverage: bool,
        /// Print how many nouns, methods and events each module has, as JSON
        #[arg(long, conflicts_with = "coverage")]
        modules: bool,
        #[command(flatten)]
        openapi: OpenApi,
    },
}

/// Reads arguments, environment and file. Ends the program where clap does: at `--help` and at mistakes.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Cli> {
    let arguments: Vec<OsString> = arguments.collect();
    let command = Cli::command();
    // The first look tells where the file is; the second has the file's values for defaults.
    let first = Cli::from_arg_matches(&command.clone().get_matches_from(&arguments))?;
    let Some(file) = File::find(&first.place)? else { return Ok(first) };
    let command = file.as_defaults(command)?;
    Ok(Cli::from_arg_matches(&command.get_matches_from(&arguments))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clap looks at a command only when it is used; this looks at all.
    #[test]
    fn every_command_is_well_formed() {
        Cli::command().debug_assert();
    }
}
