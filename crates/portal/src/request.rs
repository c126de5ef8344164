//! What is asked of the portal, and how it ended.

use std::net::IpAddr;
use std::sync::Arc;

use engine::Moment;
use engine::limits::Operating;
use engine::method::{Reply, Version};
use engine::texts::Language;
use webhooks::calls::Seen;
use webhooks::hooks::Secret;
use webhooks::outbound::Raised;
use wire::{Map, Text};

use crate::idempotent::Key;

/// A request as the door hands it over.
#[derive(Debug)]
pub struct Request {
    /// User id and secret from the path; `None` when the path had none.
    pub credentials: Option<(Text, Secret)>,
    /// The version of the protocol.
    pub version: Version,
    /// The method's name as it was written.
    pub method: String,
    /// All parameters.
    pub params: Map,
    /// The key under which it is performed once, if it changes something.
    pub key: Option<Key>,
    /// Where the request came from.
    pub address: IpAddr,
    /// Whether it came encrypted, to us or to a proxy that we trust.
    pub https: bool,
    /// When it came, on the machine's clock; the transaction knows how far the portal's is from it.
    pub received: Moment,
    /// How many events lie before it in its chain: what the header `x-portreeve-hop` says.
    pub hop: u8,
    /// What is learned of it on its way, for the log of calls.
    pub seen: Arc<Seen>,
}

/// A request of a signed-in person, who needs no webhook for it.
#[derive(Debug)]
pub struct OwnRequest {
    /// The person.
    pub user_id: i64,
    /// The method's name as it was written.
    pub method: String,
    /// All parameters.
    pub params: Map,
    /// Where it came from.
    pub address: IpAddr,
    /// When it came, on the machine's clock.
    pub received: Moment,
    /// The language that the person reads.
    pub language: Language,
    /// Only if that is still so.
    pub basis: Option<Basis>,
}

/// The state that a user saw before changing it.
#[derive(Debug)]
pub struct Basis {
    /// The method that tells how it is now: an item, `{"item": ..}`, or a list of one.
    pub method: String,
    /// Its parameters.
    pub params: Map,
    /// The values that were seen, of what is to be changed.
    pub seen: Map,
}

/// How a call ended well.
#[derive(Debug)]
pub struct Done {
    /// The user as whom it was performed.
    pub user_id: i64,
    /// The answer of the method.
    pub reply: Reply,
    /// Microseconds that the method took.
    pub processing: i64,
    /// The operating time of webhook and method.
    pub operating: Operating,
    /// Whether that is limited.
    pub metered: bool,
    /// The events that it raised: the courier should look after them.
    pub raised: Raised,
    /// Of a call that was performed under a key.
    pub once: Option<Performed>,
}

/// A call that was performed under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performed {
    /// The key.
    pub key: Key,
    /// Whether that was before: the answer is the one that was kept.
    pub before: bool,
}
