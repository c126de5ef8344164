//! Commands for a portal that runs: its clock and its alerts.

use clap::{Args, Subcommand};

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

/// How closely `portreeve doctor` looks, and how it tells.
#[derive(Args, Clone, Copy, Debug)]
pub struct Examination {
    /// Look at everything: the whole database, and the content of every file. Takes long on a large portal
    #[arg(long)]
    pub deep: bool,
    /// Print a JSON object
    #[arg(long)]
    pub json: bool,
}
