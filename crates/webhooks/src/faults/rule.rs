//! A rule, as an operator writes it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::{Fault, fault};

/// What happens to which calls or deliveries, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Its number, which the portal gives.
    pub id: i64,
    /// Of which webhook; of all without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Of>,
    /// Which methods, `crm.*`; all without. Commands of a batch are meant as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Which events, `ONCRM*`: then the rule is about deliveries to handlers, and not about calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Every n-th of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// Only the first n of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// With this probability, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// What the dice of `chance` and of `reorder` begin with: the same seed hits the same calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// How often at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Milliseconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<u32>,
    /// What happens then; nothing else than waiting without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Whether the call is performed before that happens, instead of not at all.
    pub after: bool,
    /// Whether it outlives the next start of a server.
    pub keep: bool,
}

/// An integration, by its number or its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Of {
    /// Its number.
    Id(i64),
    /// Its name.
    Name(String),
}

/// What happens to what a rule hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Effect {
    /// The call fails with an error of the protocol, or any other.
    Error {
        /// Its code. One of the protocol's table has its status and words from there.
        code: String,
        /// The HTTP status, where the table has several or none with that code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The words, if others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The call is answered with an HTTP status, as a proxy might do it.
    Status {
        /// The status.
        status: u16,
        /// The body, JSON or HTML.
        #[serde(default)]
        body: String,
    },
    /// The connection is closed without an answer.
    Drop,
    /// Half of the answer is sent, then the connection is closed.
    Half,
    /// Calls beyond that are refused as by the rate limit.
    Rate {
        /// So many ..
        requests: u32,
        /// .. in so many seconds.
        seconds: f64,
    },
    /// Calls are refused as by the limit of operating time.
    Operating {
        /// Seconds within ten minutes.
        seconds: f64,
        /// Seconds that every call is taken for.
        #[serde(default = "one")]
        each: f64,
    },
    /// Calls are refused as if the licence had expired.
    Licence,
    /// Calls are refused as if the owner of the webhook were dismissed.
    Dismissed,
    /// The delivery is sent twice.
    Double,
    /// The delivery waits for a while that dice decide, so that later ones overtake it.
    Reorder {
        /// Milliseconds at most.
        within: u32,
    },
    /// The delivery fails without being sent.
    Fail,
}

fn one() -> f64 {
    1.0
}

impl Rule {
    /// How long it has what it hits wait.
    pub fn pause(&self) -> Duration {
        Duration::from_millis(self.delay.unwrap_or(0).into())
    }
}

impl Effect {
    /// The error with which a call ends; `None` for what is no error of the protocol.
    pub fn fault(&self) -> Option<Fault> {
        Some(match self {
            Effect::Error { code, status, message } => error(code, *status, message.as_deref()),
            Effect::Rate { .. } => fault::QUERY_LIMIT_EXCEEDED.into(),
            Effect::Operating { .. } => fault::OPERATION_TIME_LIMIT.into(),
            Effect::Licence => fault::NO_SUBSCRIPTION.into(),
            Effect::Dismissed => fault::AUTHORIZATION_ERROR.into(),
            _ => return None,
        })
    }

    /// Whether it happens to deliveries.
    pub fn is_of_deliveries(&self) -> bool {
        matches!(self, Effect::Double | Effect::Reorder { .. } | Effect::Fail)
    }

    /// Whether it is a limit, which itself decides what it hits.
    pub fn is_limit(&self) -> bool {
        matches!(self, Effect::Rate { .. } | Effect::Operating { .. })
    }
}

fn error(code: &str, status: Option<u16>, message: Option<&str>) -> Fault {
    let known = fault::find(code, status).or_else(|| fault::find(code, None));
    let words = known.map_or("This error was made by a fault rule.", |known| known.message);
    let status = status.or(known.map(|known| known.status)).unwrap_or(400);
    Fault::new(status, code.to_owned(), message.unwrap_or(words).to_owned())
}
