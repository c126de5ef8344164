//! Commands for webhooks and users: what people would make in the console.

use clap::{Args, Subcommand};

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
    /// Two-factor sign-in of a user
    #[command(subcommand)]
    Totp(TotpCommand),
    /// List users
    List,
}

/// What is done to a user's second factor.
#[derive(Debug, Subcommand)]
pub enum TotpCommand {
    /// Turn it off for a user who lost it, and end the user's sessions
    Off {
        /// Number of the user, as shown by `user list`
        id: i64,
    },
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
