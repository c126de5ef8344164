//! `portreeve fault`: which rule is meant.

use clap::{Args, Subcommand, ValueEnum};
use portal::faults::{Effect, Of, Rule};

/// What can be done with fault rules.
#[derive(Debug, Subcommand)]
pub enum FaultCommand {
    /// Add a rule and print it: calls fail, wait or break off, or deliveries are late, doubled or not sent
    Add(Box<NewFault>),
    /// List the rules that hold
    List,
    /// Remove all rules, or one
    Clear {
        /// Number of the rule, as shown by `fault list`
        id: Option<i64>,
    },
}

/// A new rule.
#[derive(Args, Debug)]
pub struct NewFault {
    /// Integration whose calls or deliveries are meant, by number or name; all if left out
    #[arg(long, value_name = "INTEGRATION")]
    webhook: Option<String>,
    /// Methods, with * for any letters: crm.*; all if left out
    #[arg(long, value_name = "PATTERN")]
    method: Option<String>,
    /// Events, with * for any letters: the rule is about deliveries then
    #[arg(long, value_name = "PATTERN", conflicts_with = "method")]
    event: Option<String>,
    /// Hit only every n-th
    #[arg(long, value_name = "N")]
    every: Option<u32>,
    /// Hit only the first n
    #[arg(long, value_name = "N")]
    first: Option<u32>,
    /// Hit with this probability, from 0 to 1
    #[arg(long, value_name = "P")]
    chance: Option<f64>,
    /// What dice begin with: the same seed hits the same calls
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Hit n times at most
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// Milliseconds to wait
    #[arg(long, value_name = "MS")]
    delay: Option<u32>,
    /// Perform the call before it happens
    #[arg(long)]
    after: bool,
    /// Keep the rule when a server starts
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    effect: What,
}

/// What happens.
#[derive(Args, Debug)]
#[group(multiple = true)]
struct What {
    /// Fail with this error code: QUERY_LIMIT_EXCEEDED; status and words are those of the protocol
    #[arg(long, value_name = "CODE", conflicts_with_all = ["with", "rate", "operating", "reorder"])]
    error: Option<String>,
    /// HTTP status of the error, or of an answer without --error
    #[arg(long, value_name = "STATUS")]
    status: Option<u16>,
    /// Words of the error
    #[arg(long, value_name = "TEXT", requires = "error")]
    message: Option<String>,
    /// Body of the answer with that status
    #[arg(long, value_name = "TEXT", requires = "status", conflicts_with = "error")]
    body: Option<String>,
    /// What happens instead of an error
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with_all = ["status", "rate", "operating", "reorder"])]
    with: Option<With>,
    /// Refuse calls beyond so many in so many seconds: 2/10
    #[arg(long, value_name = "N/SECONDS", value_parser = rate, conflicts_with_all = ["status", "operating", "reorder"])]
    rate: Option<(u32, f64)>,
    /// Refuse calls beyond so many seconds of operating time
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["status", "reorder"])]
    operating: Option<f64>,
    /// Seconds of operating time that every call is taken for
    #[arg(long, value_name = "SECONDS", requires = "operating", default_value_t = 1.0)]
    each: f64,
    /// Have deliveries wait up to so many milliseconds, by dice, so that they overtake each other
    #[arg(long, value_name = "MS", requires = "event")]
    reorder: Option<u32>,
}

/// What happens, in a word.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum With {
    /// The connection is closed without an answer
    Drop,
    /// Half of the answer is sent, then the connection is closed
    Half,
    /// Refused as if the licence had expired
    Licence,
    /// Refused as if the owner of the webhook were dismissed
    Dismissed,
    /// The delivery is sent twice
    Double,
    /// The delivery fails without being sent
    Fail,
}

fn rate(text: &str) -> Result<(u32, f64), String> {
    let read = text
        .split_once('/')
        .and_then(|(number, seconds)| Some((number.parse().ok()?, seconds.parse().ok()?)));
    read.ok_or_else(|| "write 2/10 for 2 calls in 10 seconds".to_owned())
}

impl NewFault {
    /// The rule that is meant.
    pub fn rule(&self) -> Rule {
        let of = |text: &String| text.parse().map_or_else(|_| Of::Name(text.clone()), Of::Id);
        Rule {
            id: 0,
            webhook: self.webhook.as_ref().map(of),
            method: self.method.clone(),
            event: self.event.clone(),
            every: self.every,
            first: self.first,
            chance: self.chance,
            seed: self.seed,
            times: self.times,
            delay: self.delay,
            effect: self.effect.effect(),
            after: self.after,
            keep: self.keep,
        }
    }
}

impl What {
    fn effect(&self) -> Option<Effect> {
        let (status, message) = (self.status, self.message.clone());
        if let Some(code) = self.error.clone() {
            return Some(Effect::Error { code, status, message });
        }
        if let Some((requests, seconds)) = self.rate {
            return Some(Effect::Rate { requests, seconds });
        }
        if let Some(seconds) = self.operating {
            return Some(Effect::Operating { seconds, each: self.each });
        }
        if let Some(within) = self.reorder {
            return Some(Effect::Reorder { within });
        }
        if let Some(status) = status {
            return Some(Effect::Status { status, body: self.body.clone().unwrap_or_default() });
        }
        self.with.map(|with| match with {
            With::Drop => Effect::Drop,
            With::Half => Effect::Half,
            With::Licence => Effect::Licence,
            With::Dismissed => Effect::Dismissed,
            With::Double => Effect::Double,
            With::Fail => Effect::Fail,
        })
    }
}
