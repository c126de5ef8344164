//! The handlers of the moment, with their secrets opened: once for each change, not for each delivery.

use std::collections::HashMap;
use std::sync::Arc;

use hyper::header::{HeaderMap, HeaderName};
use portal::Moment;
use portal::guard::Guard;
use portal::keys::Keys;
use portal::meta::Meta;
use portal::outbound::headers::Extras;
use portal::outbound::overlap::Old;
use portal::outbound::payload::{self, Payload};
use portal::outbound::queue::Leased;
use portal::outbound::{Auth, Handler, Handlers, Secrets, hop, sign};

use super::failure::Failure;
use super::send::{Address, Parcel};
use crate::clock;

/// What is known of the handlers under one version of [`Meta`].
pub struct Targets {
    meta: Arc<Meta>,
    opened: HashMap<i64, Arc<Opened>>,
}

/// A handler that deliveries can be made up for.
pub struct Opened {
    /// The handler as it was read.
    pub handler: Arc<Handler>,
    /// Resources for sending, or why they are unavailable.
    pub ready: Result<Ready, Failure>,
}

/// Resources for sending.
pub struct Ready {
    /// Where to.
    pub address: Address,
    secrets: Secrets,
    key: Vec<u8>,
    old: Option<(Old, Vec<u8>)>,
    /// What the handler wants beside the form.
    further: Arc<HeaderMap>,
    /// What of it no log may show.
    hidden: Vec<String>,
    keys: Keys,
}

impl Targets {
    /// Begins with what the portal knows: what comes leased at once need not wait for the first claim.
    pub fn new(meta: Arc<Meta>) -> Self {
        Targets { meta, opened: HashMap::new() }
    }

    /// Turns to what a transaction saw. Gives the handlers that were changed, switched off or deleted since.
    pub fn turn_to(&mut self, meta: Arc<Meta>) -> Vec<i64> {
        let mut changed = Vec::new();
        if !self.shows(&meta) {
            self.opened.retain(|id, opened| {
                let kept = Handlers::of(&meta).get(*id) == Some(&opened.handler);
                if !kept {
                    changed.push(*id);
                }
                kept
            });
            self.meta = meta;
        }
        changed
    }

    /// What they are known by.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Whether this is what it shows.
    pub fn shows(&self, meta: &Meta) -> bool {
        self.meta.version == meta.version
    }

    /// A handler; `None` when it was switched off or deleted.
    pub fn open(&mut self, id: i64, keys: &Keys, guard: &Guard) -> Option<&Arc<Opened>> {
        if !self.opened.contains_key(&id) {
            let handler = Arc::clone(Handlers::of(&self.meta).get(id)?);
            let ready = Ready::of(&handler, keys, guard);
            self.opened.insert(id, Arc::new(Opened { handler, ready }));
        }
        self.opened.get(&id)
    }
}

impl Ready {
    fn of(handler: &Handler, keys: &Keys, guard: &Guard) -> Result<Self, Failure> {
        Ready::to(Address::new(guard, &handler.url)?, handler, keys)
    }

    /// To send to that address what the handler itself would be sent, with its secrets.
    ///
    /// # Errors
    /// [`Failure::Locked`] when the portal's key does not open them.
    pub fn to(address: Address, handler: &Handler, keys: &Keys) -> Result<Self, Failure> {
        let secrets = handler.open(keys).ok_or(Failure::Locked)?;
        let mut ready = Ready::new(address, secrets, keys)?;
        if let Some(old) = handler.open_old(keys) {
            let key = sign::key(&old.secrets.signing_secret).ok_or(Failure::Locked)?;
            ready.old = Some((old, key));
        }
        let extras = handler.open_extras(keys).ok_or(Failure::Locked)?;
        ready.further = Arc::new(header_map(&extras).ok_or(Failure::Locked)?);
        ready.hidden = extras.secrets();
        Ok(ready)
    }

    /// To send to that address with these secrets, on behalf of the portal with those keys.
    ///
    /// # Errors
    /// [`Failure::Locked`] when the signing secret is none.
    pub fn new(address: Address, secrets: Secrets, keys: &Keys) -> Result<Self, Failure> {
        let key = sign::key(&secrets.signing_secret).ok_or(Failure::Locked)?;
        let (further, hidden) = (Arc::default(), Vec::new());
        Ok(Ready { address, secrets, key, old: None, further, hidden, keys: keys.clone() })
    }

    /// Makes up a delivery, to be sent now. While old secrets hold it has their token, and a signature with either key.
    pub fn parcel(&self, leased: &Leased, auth: &Auth, now: Moment) -> Parcel {
        let letter = Payload {
            event: &leased.event,
            event_handler_id: leased.event_handler_id,
            data: &leased.data,
            ts: leased.raised.seconds(),
        };
        let old = self.old.as_ref().filter(|(old, _)| now.seconds() < old.until);
        let secrets = old.map_or(&self.secrets, |(old, _)| &old.secrets);
        let body = payload::body(letter, auth, &secrets.application_token);
        let message_id = sign::message_id(&auth.member_id, leased.id, leased.raised);
        // Handlers compare it with clocks of their own.
        let timestamp = clock::machine().seconds();
        let mut signature = sign::signature(&self.key, &message_id, timestamp, &body);
        if let Some((_, key)) = old {
            signature = format!("{signature} {}", sign::signature(key, &message_id, timestamp, &body));
        }
        let hop = hop::header(&self.keys, leased.hop.saturating_add(1), leased.id, timestamp);
        Parcel {
            body: body.into(),
            message_id,
            timestamp,
            signature,
            hop: Some(hop),
            is_test: leased.is_test,
            traceparent: None,
            further: Arc::clone(&self.further),
        }
    }

    /// What must not be kept of an answer.
    pub fn secrets(&self) -> Vec<&str> {
        let both = [&self.secrets].into_iter().chain(self.old.as_ref().map(|(old, _)| &old.secrets));
        let own = both.flat_map(|one| [one.application_token.as_str(), one.signing_secret.as_str()]);
        own.chain(self.hidden.iter().map(String::as_str)).collect()
    }
}

fn header_map(extras: &Extras) -> Option<HeaderMap> {
    let pair =
        |(name, value): (String, String)| Some((name.parse::<HeaderName>().ok()?, value.parse().ok()?));
    extras.lines().into_iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use portal::outbound::queue::{Lane, Lease};
    use portal::settings::Settings;

    use super::*;

    fn leased() -> Leased {
        Leased {
            id: 1,
            outbound_id: 1,
            lane: Lane::First,
            event_handler_id: 1,
            event: "ONCRMLEADADD".into(),
            object: "lead:1".into(),
            data: String::new(),
            is_slowed: false,
            raised: Moment(0),
            attempts: 0,
            hop: 0,
            is_test: false,
            lease: Lease { number: 1, until: Moment(0) },
            trace: None,
        }
    }

    /// The moment is planned: nobody need do anything when it comes.
    #[test]
    fn from_the_planned_moment_on_the_new_secrets_alone_are_sent() {
        let (old, new) = (Secrets::random(), Secrets::random());
        let keys = Keys::derive(&[7; 32]);
        let address = Address::new(&Guard::default(), "https://handler.example/").unwrap();
        let mut ready = Ready::new(address, new.clone(), &keys).unwrap();
        let key = sign::key(&old.signing_secret).unwrap();
        ready.old = Some((Old { secrets: old.clone(), until: 100 }, key));
        let auth = Auth::new(&Settings::new("https://portal.test"), "0123456789abcdef");
        let sent = |second: i64| {
            let parcel = ready.parcel(&leased(), &auth, Moment(second * 1_000_000));
            let body = String::from_utf8(parcel.body.to_vec()).unwrap();
            (body.ends_with(&old.application_token), parcel.signature.matches("v1,").count())
        };
        assert_eq!((sent(99), sent(100)), ((true, 2), (false, 1)));
        assert_eq!(ready.secrets().len(), 4, "neither stays in an answer");
    }
}
