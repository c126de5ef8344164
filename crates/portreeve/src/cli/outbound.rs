//! `portreeve outbound`, `deliveries` and `listen`, as they are typed.

use clap::{Args, Subcommand};
use portal::outbound::log::State;
use portal::outbound::policy::Policy;

use crate::courier::Manner;

/// What can be done with outbound webhooks.
#[derive(Debug, Subcommand)]
pub enum OutboundCommand {
    /// Make an outbound webhook and print its number and its secrets, which are not shown again
    Create(NewOutbound),
    /// List outbound webhooks
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Show one, with its events
    Show {
        /// Its number, as `outbound list` shows it
        id: i64,
        #[command(flatten)]
        format: Format,
    },
    /// Change one in what is given; its secrets and its owner stay. One that was disabled works again
    Update(ChangedOutbound),
    /// Delete one; what waits for it is never sent
    Delete {
        /// Its number
        id: i64,
    },
    /// Let one work again; what waited for it is sent
    Enable {
        /// Its number
        id: i64,
    },
    /// Pause one: what waits for it stays, what happens meanwhile is not told
    Disable {
        /// Its number
        id: i64,
    },
    /// Send the example of an event to a handler now, and print what became of it
    Test {
        /// Its number
        id: i64,
        /// The event, one of `outbound events`; by default the first that the webhook listens to
        #[arg(long, value_name = "EVENT")]
        event: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// List the events that there are
    Events {
        #[command(flatten)]
        format: Format,
    },
}

/// How answers are printed.
#[derive(Args, Clone, Copy, Debug)]
pub struct Format {
    /// Print an object of JSON in each line
    #[arg(long)]
    pub json: bool,
}

/// An outbound webhook to be made.
#[derive(Args, Debug)]
pub struct NewOutbound {
    /// The user to whom the webhook belongs
    #[arg(long, value_name = "USER-ID")]
    pub owner: i64,
    /// A name to know it by
    #[arg(long)]
    pub name: String,
    /// Where events are posted to: https://example.com/in
    #[arg(long, value_name = "URL")]
    pub handler: String,
    /// What it listens to: events separated by commas, in any case, for example ONCRMLEADADD,ONCRMDEALADD
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', required = true)]
    pub events: Vec<String>,
    /// When an event that could not be delivered is tried again: `default`, `once` (as Bitrix24 does), or delays: 5s,1m,2h
    #[arg(long, value_name = "POLICY", default_value = "default", value_parser = Policy::parse)]
    pub retries: Policy,
    /// Send the events of one object in their order, each after the one before is settled
    #[arg(long)]
    pub ordered: bool,
    /// What it is for
    #[arg(long, default_value = "")]
    pub comment: String,
    #[command(flatten)]
    pub format: Format,
}

/// What changes about one.
#[derive(Args, Debug)]
pub struct ChangedOutbound {
    /// Its number
    pub id: i64,
    /// Another name
    #[arg(long)]
    pub name: Option<String>,
    /// Another handler
    #[arg(long, value_name = "URL")]
    pub handler: Option<String>,
    /// Other events, in place of all it listens to
    #[arg(long, value_name = "EVENTS", value_delimiter = ',')]
    pub events: Option<Vec<String>>,
    /// Another schedule of retries
    #[arg(long, value_name = "POLICY", value_parser = Policy::parse)]
    pub retries: Option<Policy>,
    /// Whether the events of one object come in their order
    #[arg(long, value_name = "BOOL")]
    pub ordered: Option<bool>,
    /// Another comment
    #[arg(long)]
    pub comment: Option<String>,
}

/// What can be done with the log of deliveries.
#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// List deliveries, newest first
    List(Wanted),
    /// Show one, with its data and every try
    Show {
        /// Its number, as `deliveries list` shows it
        id: i64,
        #[command(flatten)]
        format: Format,
    },
    /// Send deliveries again, and print how many
    Replay(Again),
}

/// Which deliveries to list.
#[derive(Args, Debug)]
pub struct Wanted {
    /// Of this outbound webhook
    #[arg(long, value_name = "ID")]
    pub outbound: Option<i64>,
    /// Of this event
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// In this state: waiting, sending, delivered or failed
    #[arg(long, value_parser = state)]
    pub state: Option<State>,
    /// Raised since then: a moment (2027-01-01, 2027-01-01T12:00:00Z), or 90s, 30m, 2h, 3d or 1w ago
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Raised before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub limit: usize,
    #[command(flatten)]
    pub format: Format,
}

/// Which deliveries to send again.
#[derive(Args, Debug)]
pub struct Again {
    /// Their numbers
    #[arg(value_name = "ID", required_unless_present = "outbound", conflicts_with = "outbound")]
    pub ids: Vec<i64>,
    /// Those of this outbound webhook that failed
    #[arg(long, value_name = "ID", requires = "failed")]
    pub outbound: Option<i64>,
    /// With --outbound: only what was given up
    #[arg(long, requires = "outbound")]
    pub failed: bool,
    /// With --outbound: only what was raised since then
    #[arg(long, value_name = "WHEN", requires = "outbound")]
    pub since: Option<String>,
}

/// What to listen to, and where to pass it on.
#[derive(Args, Debug)]
pub struct Listening {
    /// Events separated by commas, in any case; `portreeve outbound events` lists them
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', required = true)]
    pub events: Vec<String>,
    /// Where to post them to, with everything that a handler of an outbound webhook gets; any address will do
    #[arg(long, value_name = "URL")]
    pub forward: Option<String>,
    /// The user to whom the webhook belongs while it listens
    #[arg(long, value_name = "USER-ID", default_value_t = 1)]
    pub owner: i64,
    #[command(flatten)]
    pub format: Format,
    #[command(flatten)]
    pub manner: Manner,
}

fn state(name: &str) -> Result<State, String> {
    let names = || State::ALL.map(State::name).join(", ");
    State::parse(name).ok_or_else(|| format!("the states are {}", names()))
}
