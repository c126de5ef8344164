//! `portreeve outbound`, `deliveries` and `listen`, as they are typed.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use portal::outbound::headers::{Basic, Header};
use portal::outbound::log::State;
use portal::outbound::overlap;
use portal::outbound::policy::Policy;

use crate::courier::SendOptions;

/// Commands for outbound webhooks.
#[derive(Debug, Subcommand)]
pub enum OutboundCommand {
    /// Create an outbound webhook and print its number and secrets
    Create(NewOutbound),
    /// List outbound webhooks
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Show an outbound webhook with its events
    Show {
        /// Number of the webhook, as shown by `outbound list`
        id: i64,
        #[command(flatten)]
        format: Format,
    },
    /// Change the given settings of a webhook and enable it if it was disabled; owner and secrets stay
    Update(ChangedOutbound),
    /// Delete a webhook; waiting deliveries are never sent
    Delete {
        /// Number of the webhook
        id: i64,
    },
    /// Let a webhook work again; waiting deliveries are sent, and of the events held meanwhile what --held says
    #[command(alias = "enable")]
    Resume(Resuming),
    /// Pause a webhook: nothing is sent, waiting deliveries stay, and new events are held until it works again
    #[command(alias = "disable")]
    Pause {
        /// Number of the webhook
        id: i64,
    },
    /// Print the application token and the signing secret of a webhook; the audit log records it
    Reveal {
        /// Number of the webhook
        id: i64,
        #[command(flatten)]
        format: Format,
    },
    /// Replace the application token and the signing secret of a webhook and print the new ones
    Rotate {
        /// Number of the webhook
        id: i64,
        /// Time for which the old ones hold beside them: 30m, 24h, 7d at most; 0 for none. Deliveries have both signatures
        /// and the old token until then. By default as the portal's settings say, at first 24h
        #[arg(long, value_name = "TIME", value_parser = overlap::parse)]
        overlap: Option<i64>,
        /// Do not make new ones; end the overlap of the last change now
        #[arg(long, conflicts_with = "overlap")]
        end: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Send an example event to the handler now, once, and print the result
    Test {
        /// Number of the webhook
        id: i64,
        /// Event, one of `outbound events`; by default the first one that the webhook listens to
        #[arg(long, value_name = "EVENT")]
        event: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// List the available events
    Events {
        #[command(flatten)]
        format: Format,
    },
}

/// How a webhook works again.
#[derive(Args, Debug)]
pub struct Resuming {
    /// Number of the webhook
    pub id: i64,
    /// What becomes of the events held while it was off: `send`, `drop`, or `since=WHEN` to send only those raised since
    /// then (a moment, or 90s, 30m, 2h, 3d ago) and drop the rest; needed when there are any
    #[arg(long, value_name = "CHOICE", value_parser = held_choice)]
    pub held: Option<HeldChoice>,
    /// Print how many events would be sent and dropped, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What becomes of held events.
#[derive(Clone, Debug)]
pub enum HeldChoice {
    /// They are sent
    Send,
    /// They are dropped
    Drop,
    /// Those raised since then are sent
    Since(String),
}

fn held_choice(text: &str) -> Result<HeldChoice, String> {
    match text {
        "send" => Ok(HeldChoice::Send),
        "drop" => Ok(HeldChoice::Drop),
        _ => text
            .strip_prefix("since=")
            .map(|at| HeldChoice::Since(at.to_owned()))
            .ok_or_else(|| "the choices are send, drop and since=WHEN".to_owned()),
    }
}

/// How answers are printed.
#[derive(Args, Clone, Copy, Debug)]
pub struct Format {
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// An outbound webhook to be made.
#[derive(Args, Debug)]
pub struct NewOutbound {
    /// Owner of the webhook
    #[arg(long, value_name = "USER-ID")]
    pub owner: i64,
    /// Name
    #[arg(long)]
    pub name: String,
    /// URL that events are posted to: https://example.com/in
    #[arg(
        long,
        value_name = "URL",
        required_unless_present = "pickup",
        default_value = "",
        hide_default_value = true
    )]
    pub handler: String,
    /// Keep the events, one for each object, for `event.offline.get` by the inbound webhook of the same integration,
    /// instead of sending them
    #[arg(long, conflicts_with = "handler")]
    pub pickup: bool,
    /// Leave out changes made by the inbound webhook of the same integration
    #[arg(long)]
    pub skip_own: bool,
    /// Tell of an update only if it changed one of these fields: ONCRMDEALUPDATE=STAGE_ID,UF_CRM_1; once for each event
    #[arg(long, value_name = "EVENT=FIELDS", value_parser = only_fields)]
    pub only_fields: Vec<(String, BTreeSet<String>)>,
    /// Add the names of changed fields to the data of updates, as data[CHANGED][]
    #[arg(long)]
    pub tell_changed: bool,
    /// Events separated by commas, in any case, for example ONCRMLEADADD,ONCRMDEALADD
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', required = true)]
    pub events: Vec<String>,
    /// Retry schedule: `default`, `once` (as Bitrix24 does), or delays: 5s,1m,2h
    #[arg(long, value_name = "POLICY", default_value = "default", value_parser = Policy::parse)]
    pub retries: Policy,
    /// Send the events of one object without waiting for the previous one to be delivered or given up
    #[arg(long)]
    pub unordered: bool,
    /// Maximum number of requests in any second, within the server's --handler-rate; 0 for that
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub rate: u32,
    /// Maximum number of concurrent requests, retries included, within the server's --handler-concurrency; 0 for that
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub concurrency: u32,
    /// Further header for the handler, "X-Key: value"; up to ten of them
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = Header::parse)]
    pub headers: Vec<Header>,
    /// User and password by which the handler lets requests in (basic authentication)
    #[arg(long, value_name = "USER:PASSWORD", value_parser = Basic::parse)]
    pub basic_auth: Option<Basic>,
    /// Description
    #[arg(long, default_value = "")]
    pub comment: String,
    #[command(flatten)]
    pub format: Format,
}

/// An event and fields of it, in capitals.
fn only_fields(text: &str) -> Result<(String, BTreeSet<String>), String> {
    let text = text.to_ascii_uppercase();
    let (event, fields) = text.split_once('=').ok_or("it must be like ONCRMDEALUPDATE=STAGE_ID,TITLE")?;
    let fields = fields.split(',').map(str::trim).filter(|field| !field.is_empty());
    Ok((event.trim().to_owned(), fields.map(str::to_owned).collect()))
}

/// Changes to an outbound webhook.
#[derive(Args, Debug)]
pub struct ChangedOutbound {
    /// Number of the webhook
    pub id: i64,
    /// New name
    #[arg(long)]
    pub name: Option<String>,
    /// New handler URL
    #[arg(long, value_name = "URL")]
    pub handler: Option<String>,
    /// New events, replacing all current ones
    #[arg(long, value_name = "EVENTS", value_delimiter = ',')]
    pub events: Option<Vec<String>>,
    /// New retry schedule
    #[arg(long, value_name = "POLICY", value_parser = Policy::parse)]
    pub retries: Option<Policy>,
    /// Whether to send the events of one object in order
    #[arg(long, value_name = "BOOL")]
    pub ordered: Option<bool>,
    /// Whether to leave out changes made by the inbound webhook of the same integration
    #[arg(long, value_name = "BOOL")]
    pub skip_own: Option<bool>,
    /// Tell of an update only if it changed one of these fields: ONCRMDEALUPDATE=STAGE_ID,UF_CRM_1; without fields, of every
    /// update. Other events stay as they are
    #[arg(long, value_name = "EVENT=FIELDS", value_parser = only_fields)]
    pub only_fields: Vec<(String, BTreeSet<String>)>,
    /// Whether to add the names of changed fields to the data of updates
    #[arg(long, value_name = "BOOL")]
    pub tell_changed: Option<bool>,
    /// New maximum number of requests in any second, within the server's --handler-rate; 0 for that
    #[arg(long, value_name = "NUMBER")]
    pub rate: Option<u32>,
    /// New maximum number of concurrent requests, retries included, within the server's --handler-concurrency; 0 for that
    #[arg(long, value_name = "NUMBER")]
    pub concurrency: Option<u32>,
    /// Further headers, replacing all current ones
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = Header::parse)]
    pub headers: Vec<Header>,
    /// Remove all further headers
    #[arg(long, conflicts_with = "headers")]
    pub no_headers: bool,
    /// New user and password of basic authentication
    #[arg(long, value_name = "USER:PASSWORD", value_parser = Basic::parse)]
    pub basic_auth: Option<Basic>,
    /// Remove basic authentication
    #[arg(long, conflicts_with = "basic_auth")]
    pub no_basic_auth: bool,
    /// New description
    #[arg(long)]
    pub comment: Option<String>,
}

/// Commands for deliveries.
#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// List deliveries, newest first
    List(Wanted),
    /// Show a delivery with its data and all attempts
    Show {
        /// Number of the delivery, as shown by `deliveries list`
        id: i64,
        #[command(flatten)]
        format: Format,
    },
    /// Resend deliveries and print how many
    Replay(Again),
    /// Cancel deliveries that wait and print how many: they are not sent, and later events of their objects go on
    Cancel(Cancelling),
    /// Send a delivery once to another address and print the answer; the delivery itself stays as it is
    Forward(Forwarding),
}

/// Which deliveries to list.
#[derive(Args, Debug)]
pub struct Wanted {
    #[command(flatten)]
    pub narrow: Narrow,
    /// In this state: waiting, sending, delivered, failed, held or cancelled
    #[arg(long, value_parser = state)]
    pub state: Option<State>,
    /// Maximum number of deliveries
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub limit: usize,
    #[command(flatten)]
    pub format: Format,
}

/// Which deliveries are meant.
#[derive(Args, Debug)]
pub struct Narrow {
    /// Of this outbound webhook
    #[arg(long, value_name = "ID")]
    pub outbound: Option<i64>,
    /// Of this event
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// Of this object, like lead:17
    #[arg(long, value_name = "OBJECT")]
    pub object: Option<String>,
    /// With these words in the event, the object, the integration, the handler, or the error or answer of an attempt
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Raised since then: a moment (2027-01-01, 2027-01-01T12:00:00Z), or 90s, 30m, 2h, 3d or 1w ago
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Raised before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
}

/// Which deliveries to cancel.
#[derive(Args, Debug)]
pub struct Cancelling {
    /// Numbers of the deliveries
    #[arg(value_name = "ID", required_unless_present = "outbound", conflicts_with = "outbound")]
    pub ids: Vec<i64>,
    #[command(flatten)]
    pub narrow: Narrow,
    /// Cancel what is held while the webhook is off, instead of what waits
    #[arg(long, requires = "outbound")]
    pub held: bool,
    /// Print how many, and cancel nothing
    #[arg(long, requires = "outbound")]
    pub dry_run: bool,
}

/// Which delivery to send where.
#[derive(Args, Debug)]
pub struct Forwarding {
    /// Number of the delivery
    pub id: i64,
    /// Address to send it to; the same addresses are allowed as for handlers
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Send the webhook's own token, signature and headers, instead of a token and a signature made for this request
    #[arg(long)]
    pub with_secrets: bool,
    #[command(flatten)]
    pub format: Format,
    #[command(flatten)]
    pub sending: SendOptions,
}

/// Which deliveries to send again.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("which").multiple(true))]
pub struct Again {
    /// Numbers of the deliveries
    #[arg(value_name = "ID", required_unless_present = "outbound", conflicts_with = "outbound")]
    pub ids: Vec<i64>,
    /// Deliveries of this outbound webhook that have ended, delivered or failed: those --failed, or all raised --since then
    #[arg(long, value_name = "ID", requires = "which")]
    pub outbound: Option<i64>,
    /// With --outbound: only failed deliveries
    #[arg(long, requires = "outbound", group = "which")]
    pub failed: bool,
    /// With --outbound: only events raised since then
    #[arg(long, value_name = "WHEN", requires = "outbound", group = "which")]
    pub since: Option<String>,
    /// With --outbound: print how many, and send nothing
    #[arg(long, requires = "outbound")]
    pub dry_run: bool,
}

/// Events to listen to, and where to forward them.
#[derive(Args, Debug)]
pub struct Listening {
    /// Events separated by commas, in any case; `portreeve outbound events` lists them
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', required = true)]
    pub events: Vec<String>,
    /// URL to forward events to, exactly as a handler of an outbound webhook gets them; any address is allowed
    #[arg(long, value_name = "URL")]
    pub forward: Option<String>,
    /// Owner of the webhook while it listens
    #[arg(long, value_name = "USER-ID", default_value_t = 1)]
    pub owner: i64,
    #[command(flatten)]
    pub format: Format,
    #[command(flatten)]
    pub sending: SendOptions,
}

fn state(name: &str) -> Result<State, String> {
    let names = || State::ALL.map(State::name).join(", ");
    State::parse(name).ok_or_else(|| format!("the states are {}", names()))
}
