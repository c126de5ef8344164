//! The command line: arguments, and how answers are printed.

mod fault;
mod outbound;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::alerts;
use crate::file::File;
use crate::place::Place;
use crate::rules::Rules;
use crate::settings::Settings;
pub use fault::FaultCommand;
pub use outbound::{
    Again, Cancelling, ChangedOutbound, DeliveriesCommand, Format, Forwarding, HeldChoice, Listening, Narrow,
    NewOutbound, OutboundCommand, Resuming, Wanted,
};

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
    #[command(after_help = CLONE_HELP)]
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
    #[command(subcommand, after_help = SNAPSHOTS)]
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

/// How much demo data there is beside the small company.
#[derive(Clone, Copy, Debug, Args)]
pub struct DemoSize {
    /// Records to make beside the small demo: contacts, companies, leads, deals, products, tasks, activities and comments
    #[arg(long, env = "PORTREEVE_DEMO_RECORDS", value_name = "NUMBER", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=10_000_000), help_heading = "Demo data")]
    pub records: u32,
    /// Seed of these records: the same number and seed make the same
    #[arg(
        long,
        env = "PORTREEVE_DEMO_SEED",
        value_name = "NUMBER",
        default_value_t = 1,
        help_heading = "Demo data"
    )]
    pub seed: u32,
}

/// Commands for files of fixtures.
#[derive(Debug, Subcommand)]
pub enum FixturesCommand {
    /// Load files into a portal, also while it is served: each whole or not at all, and once
    Load {
        /// Files in YAML or JSON
        #[arg(value_name = "FILE", required = true)]
        paths: Vec<PathBuf>,
        /// Load them although they were loaded before: records are made once more
        #[arg(long)]
        again: bool,
        /// Try them and keep nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what is wrong with files, as far as that can be said without a portal
    Check {
        /// Files in YAML or JSON
        #[arg(value_name = "FILE", required = true)]
        paths: Vec<PathBuf>,
    },
}

const SNAPSHOTS: &str = "\
Examples:
  portreeve snapshot save before-import                    keep the portal as it is, while it is running
  portreeve snapshot restore before-import                 return to that, all at once, as often as you like
  portreeve reset                                          return to how it was when the server became ready

A snapshot has the whole database. The contents of files are in it by name: they are kept for as long as a snapshot names them.
Snapshots are in DIR/portreeve.snapshots, or in schemas of a PostgreSQL database. They are for tests: a backup also has the
contents of files, and survives the loss of the disk (`portreeve backup`).";

/// Commands for snapshots.
#[derive(Clone, Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Keep the portal as it is, in the place of an earlier snapshot of that name
    Save {
        /// Name: 1 to 40 of the characters a-z, 0-9, '-', '_' and '.'
        name: String,
    },
    /// Bring the whole portal back to a snapshot: everything that came since is gone
    Restore {
        /// Name, as shown by `snapshot list`
        name: String,
    },
    /// List snapshots: name, when it was saved, bytes and rows
    List,
    /// Delete a snapshot
    Delete {
        /// Name, as shown by `snapshot list`
        name: String,
    },
}

/// Which methods OpenAPI is to describe.
#[derive(Args, Debug)]
pub struct OpenApi {
    /// Print an OpenAPI 3.1 document of all methods
    #[arg(long, conflicts_with_all = ["coverage", "modules"])]
    pub openapi: bool,
    /// Describe only the methods of this module, as shown by --modules
    #[arg(long, value_name = "NAME", requires = "openapi")]
    pub module: Option<String>,
    /// Describe only this version of the protocol: 2, or 3 for REST 3.0
    #[arg(long, value_name = "NUMBER", requires = "openapi", value_parser = clap::value_parser!(u8).range(2..=3))]
    pub version: Option<u8>,
    /// URL of the portal in the document
    #[arg(long, value_name = "URL", requires = "openapi", default_value = "")]
    pub server: String,
}

const CLONE_HELP: &str = "\
Examples:
  portreeve clone --data ./copy --from https://example.bitrix24.com/rest/1/secret/
  PORTREEVE_CLONE_FROM=https://.. portreeve clone --data ./copy    keeps the secret out of the shell's history
  portreeve serve --data ./copy                                    serves the copy";

/// What is copied.
#[derive(Args, Debug)]
pub struct NewClone {
    /// URL of an inbound webhook of the portal to copy: https://example.bitrix24.com/rest/1/secret/
    #[arg(
        long,
        env = "PORTREEVE_CLONE_FROM",
        value_name = "URL",
        hide_env_values = true,
        required_unless_present = "plan"
    )]
    pub from: Option<String>,
    /// Certificates in PEM to trust in addition to those of the system
    #[arg(long, env = "PORTREEVE_CLONE_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Requests a second, of which forty may come at once: 2 is what the cloud allows, 5 on its largest plan
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rate: u32,
    /// Lists not to read, separated by commas: crm.timeline.comment.list takes a request for fifty items
    #[arg(long, value_name = "METHOD,..", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Fetch the contents of files, too; later as well, when all records are there
    #[arg(long)]
    pub with_files: bool,
    /// The largest file to fetch, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub max_file: u64,
    /// Hosts beside the portal's own to which links to files may lead, separated by commas: cdn.bitrix24.com
    #[arg(long, value_name = "HOST,..", value_delimiter = ',')]
    pub files_from: Vec<String>,
    /// Read nothing: print what would be read, a request a line as JSON, as far as the portal in --data knows by now
    #[arg(long)]
    pub plan: bool,
}

/// How the portal's clock can be shifted.
#[derive(Clone, Debug, Subcommand)]
pub enum ClockCommand {
    /// Move the clock forward, or back if negative
    Move {
        /// By how much: 90s, 30m, 2h, 3d, 1w, -2h
        #[arg(value_name = "TIME", allow_hyphen_values = true)]
        by: String,
    },
    /// Set the clock to a moment, from which it goes on unless it is frozen
    Set {
        /// Day (2027-01-01) or moment (2027-01-01T12:00:00+02:00)
        #[arg(value_name = "DATE")]
        to: String,
    },
    /// Stop the clock: time passes only when it is moved, or when it thaws
    Freeze {
        /// Day (2027-01-01) or moment (2027-01-01T12:00:00+02:00) at which it stands; where it is if left out
        #[arg(value_name = "DATE")]
        at: Option<String>,
    },
    /// Have a frozen clock go on from where it stands
    Thaw,
    /// Set the clock to the machine's time again, and have it go on
    Reset,
}

/// What can be done with alerts.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum AlertsCommand {
    /// Have the running server send a test alert to everybody who is told, and print what came of it
    Test,
    /// Print the signing secret of what is posted to the alert URL
    Secret,
}

/// Commands for inbound webhooks.
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Create a webhook and print only its URL to standard output
    Create(NewHook),
    /// List webhooks without their secrets
    List,
    /// Revoke a webhook: its URL stops working at once
    Revoke {
        /// Number of the webhook, as shown by `hook list`
        id: i64,
    },
}

/// A webhook to be made.
#[derive(Args, Debug)]
pub struct NewHook {
    /// User that the webhook acts as, with exactly this user's rights
    #[arg(long, value_name = "USER-ID")]
    pub owner: i64,
    /// Scopes separated by commas, for example crm,user
    #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true)]
    pub scope: Vec<String>,
    /// Name
    #[arg(long)]
    pub name: String,
    /// Description
    #[arg(long, default_value = "")]
    pub comment: String,
    /// Day (2027-01-01) or moment (2027-01-01T12:00:00+02:00) at which it stops working
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Let it call only methods that change nothing
    #[arg(long)]
    pub read_only: bool,
}

/// Commands for users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user and print the user's number
    Add(NewPerson),
    /// Set a user's password and end the user's sessions
    Passwd {
        /// Number of the user, as shown by `user list`
        id: i64,
        /// Read the password from standard input instead of generating one
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List,
}

/// A user to be made.
#[derive(Args, Debug)]
pub struct NewPerson {
    /// E-mail address to sign in with
    #[arg(long)]
    pub email: String,
    /// First name
    #[arg(long, default_value = "")]
    pub name: String,
    /// Last name
    #[arg(long, default_value = "")]
    pub last_name: String,
    /// Make the user an administrator, who may do everything
    #[arg(long)]
    pub admin: bool,
    /// Number of a department; may be repeated; by default the root department
    #[arg(long, value_name = "ID")]
    pub department: Vec<i64>,
    /// Read the password from standard input instead of generating one and printing it to standard error
    #[arg(long)]
    pub password_stdin: bool,
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

/// Prints why the program ends.
pub fn complain(error: &anyhow::Error) {
    note(format_args!("portreeve: {error:#}"));
}

/// Prints a line of a command's answer. Whoever reads it may stop to, as `head` does.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line that is for people only, beside the answer.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The text of a refusal without its code and status, which are the protocol's.
pub fn refusal(error: portal::Error) -> anyhow::Error {
    match error {
        portal::Error::Fault(fault) => anyhow::anyhow!("{}", fault.message),
        other => other.into(),
    }
}

/// Cells of a list's row. What people wrote may hold anything, but a row is one line, and tabs part it.
pub fn columns(cells: &[String]) -> String {
    cells.iter().map(|cell| clean(cell)).collect::<Vec<_>>().join("\t")
}

/// A text without what a terminal would obey.
pub fn clean(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clap looks at a command only when it is used; this looks at all.
    #[test]
    fn every_command_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_row_is_one_line() {
        assert_eq!(columns(&["a\tb\n".into(), "\u{1b}[31mc".into()]), "a b \t [31mc");
    }
}
