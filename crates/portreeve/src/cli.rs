//! What a person types.

use std::ffi::OsString;

use anyhow::Result;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::file::File;
use crate::place::Place;
use crate::settings::Settings;

/// A self-hosted portal that speaks the Bitrix24 REST protocol.
#[derive(Debug, Parser)]
#[command(name = "portreeve", version, after_help = HELP, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

const HELP: &str = "\
Examples:
  portreeve serve                                          start on http://127.0.0.1:8080, data in ./portreeve-data
  portreeve serve --tls dev --base-url https://crm.test    https with a local authority, for SDKs that insist on it
  portreeve hook create --owner 1 --scope crm,user --name ci
                                                           print the URL of a new inbound webhook
  curl \"$(portreeve hook create --owner 1 --scope crm --name try)crm.lead.fields\"

Every setting can also stand in the environment (shown by `portreeve serve --help`) and, under the name of its flag,
in DIR/portreeve.toml or the file that --config names. A flag wins over the environment, and that over the file.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal
    Serve(Settings),
    /// Make, list and revoke inbound webhooks
    #[command(subcommand)]
    Hook(HookCommand),
}

#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Make a webhook and print its URL, and nothing else, on standard output
    Create(NewHook),
    /// List webhooks; secrets are not shown
    List,
    /// Revoke a webhook: its URL stops working at once
    Revoke {
        /// Its number, as `hook list` shows it
        id: i64,
    },
}

#[derive(Args, Debug)]
pub struct NewHook {
    /// The user as whom the webhook acts, with exactly this user's rights
    #[arg(long, value_name = "USER-ID")]
    pub owner: i64,
    /// What it may do: scopes separated by commas, for example crm,user
    #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true)]
    pub scope: Vec<String>,
    /// A name to know it by
    #[arg(long)]
    pub name: String,
    /// What it is for
    #[arg(long, default_value = "")]
    pub comment: String,
    /// The day on which it stops working (2027-01-01), or a moment (2027-01-01T12:00:00+02:00)
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
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

/// Tells a person why the program ends.
#[expect(clippy::print_stderr, reason = "this is what the command line says")]
pub fn complain(error: &anyhow::Error) {
    eprintln!("portreeve: {error:#}");
}

/// Prints a line of a command's answer.
#[expect(clippy::print_stdout, reason = "this is what the command line says")]
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
