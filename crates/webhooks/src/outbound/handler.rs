//! Where deliveries go: what every event and every try needs to know of a webhook, kept in
//! [`Meta`](engine::meta::Meta).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use store::{Row, Tx};
use wire::Text;

use super::headers::{self, Extras};
use super::limits::Limits;
use super::only;
use super::overlap::{Old, Sealed};
use super::policy::Policy;
use engine::error::Result;
use engine::event::Recipient;
use engine::keys::Keys;
use engine::meta::{Kept, Meta};

/// An outbound webhook of somebody who works here.
#[derive(Clone, PartialEq, Eq)]
pub struct Handler {
    /// The webhook's number.
    pub id: i64,
    /// The integration whose part it is.
    pub integration_id: i64,
    /// The owner, by whose rights it is told what happens.
    pub user_id: i64,
    /// Whether the owner is an administrator.
    pub is_admin: bool,
    /// The scopes of the integration's inbound part, separated by commas.
    pub scopes: Text,
    /// Where it is posted to; empty for a listener, which fetches its deliveries itself.
    pub url: String,
    /// When it is tried again.
    pub policy: Policy,
    /// Whether events of one object must come in their order.
    pub ordered: bool,
    /// Whether anything is sent to it; while it is off, its events are held.
    pub active: bool,
    /// Whether it is a `portreeve listen`.
    pub listens: bool,
    token: Vec<u8>,
    signing: Vec<u8>,
    /// Whether its events are kept for pick-up instead of being sent.
    pub pickup: bool,
    /// Whether it is told nothing of changes by the inbound webhook of the same integration.
    pub skip_own: bool,
    /// Whether it is told the names of the fields that an update changed.
    pub tell_changed: bool,
    /// How much it gets at most.
    pub limits: Limits,
    old: Option<Sealed>,
    extras: headers::Sealed,
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not even the host: a handler's URL may hold a secret of its own.
        write!(f, "Handler({})", self.id)
    }
}

/// The opened secrets of a webhook. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// By which the handler knows us (protocol 9.1).
    pub application_token: String,
    /// With which we sign, as `whsec_..`; see [`sign::key`](super::sign::key).
    pub signing_secret: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// New ones. To be made before the transaction that stores them, since that may run twice.
    pub fn random() -> Self {
        /// As long as Bitrix24's (protocol 9.1).
        const LENGTH: usize = 32;
        Secrets {
            application_token: engine::keys::random_code(LENGTH),
            signing_secret: super::sign::new_secret(),
        }
    }

    /// Token and signing secret, sealed for the owner.
    pub(super) fn seal(&self, keys: &Keys, owner: i64) -> (Vec<u8>, Vec<u8>) {
        (keys.seal(owner, &self.application_token), keys.seal(owner, &self.signing_secret))
    }

    /// The opposite of [`seal`](Secrets::seal).
    pub(super) fn open(keys: &Keys, owner: i64, token: &[u8], signing: &[u8]) -> Option<Self> {
        Some(Secrets {
            application_token: keys.open(owner, token)?,
            signing_secret: keys.open(owner, signing)?,
        })
    }
}

impl Handler {
    /// Its owner, as far as rights are concerned.
    pub fn recipient(&self) -> Recipient<'_> {
        Recipient { user_id: self.user_id, is_admin: self.is_admin, scopes: &self.scopes }
    }

    /// Its secrets; `None` when the portal's key does not fit, which a person must mend.
    pub fn open(&self, keys: &Keys) -> Option<Secrets> {
        Secrets::open(keys, self.user_id, &self.token, &self.signing)
    }

    /// Whether it does not want to know of a change that the inbound webhook of that integration made.
    pub fn is_echo(&self, origin: i64) -> bool {
        self.skip_own && origin == self.integration_id
    }

    /// What its handler wants beside the form; `None` as for [`open`](Handler::open).
    pub fn open_extras(&self, keys: &Keys) -> Option<Extras> {
        self.extras.open(keys, self.user_id)
    }

    /// Those that they replace, and until when they hold.
    pub fn open_old(&self, keys: &Keys) -> Option<Old> {
        self.old.as_ref()?.open(keys, self.user_id)
    }
}

/// A webhook's subscription to one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The webhook.
    pub outbound_id: i64,
    /// The subscription's own number, `event_handler_id`.
    pub event_handler_id: i64,
    /// Whether events of one object must come in their order.
    pub ordered: bool,
    /// Whether it is a `portreeve listen`.
    pub listens: bool,
    /// Whether its events are held for now.
    pub is_off: bool,
    /// Whether its events are kept for pick-up.
    pub pickup: bool,
    /// Whether it is told the names of the fields that an update changed.
    pub tell_changed: bool,
}

/// Every webhook of those who work here, by its number, and who listens to what.
#[derive(Debug, Default)]
pub struct Handlers {
    by_id: HashMap<i64, Arc<Handler>>,
    by_event: HashMap<Text, Vec<Listener>>,
    /// By subscription: the fields, one of which an update must change to be told.
    only: HashMap<i64, BTreeSet<String>>,
    /// The events of which somebody wants to know what they changed.
    compared: HashSet<Text>,
}

impl Kept for Handlers {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let (mut handlers, mut extras) = (Handlers::default(), headers::all(tx)?);
        let sql = "SELECT o.id, i.user_id, o.handler_url, o.retries, o.ordered, o.heard, o.token, o.signing, i.id, \
                   u.is_admin, h.scopes, o.active, o.old_token, o.old_signing, o.old_until, o.pickup, o.skip_own, \
                   o.tell_changed, o.rate_limit, o.concurrency_limit \
                   FROM outbound o JOIN integration i ON i.id = o.integration_id \
                   JOIN portal_user u ON u.id = i.user_id LEFT JOIN hook h ON h.integration_id = i.id \
                   WHERE u.active = 'Y'";
        tx.query(sql, &[], |row| {
            let mut handler = handler(row)?;
            handler.extras = extras.remove(&handler.id).unwrap_or_default();
            handlers.by_id.insert(handler.id, Arc::new(handler));
            Ok(())
        })?;
        tx.query("SELECT id, outbound_id, event, fields FROM outbound_event ORDER BY id", &[], |row| {
            let (id, outbound_id) = (row.int(0)?, row.int(1)?);
            if let Some(handler) = handlers.by_id.get(&outbound_id).map(Arc::clone) {
                handlers.subscribe(&handler, id, Text::new(row.text(2)?), only::parse(row.text(3)?));
            }
            Ok(())
        })?;
        Ok(handlers)
    }
}

impl Handlers {
    /// Those of the shared copy.
    pub fn of(meta: &Meta) -> &Self {
        meta.section()
    }

    fn subscribe(&mut self, handler: &Handler, id: i64, event: Text, only: BTreeSet<String>) {
        if handler.tell_changed || !only.is_empty() {
            self.compared.insert(event.clone());
        }
        if !only.is_empty() {
            self.only.insert(id, only);
        }
        self.by_event.entry(event).or_default().push(Listener {
            outbound_id: handler.id,
            event_handler_id: id,
            ordered: handler.ordered,
            listens: handler.listens,
            is_off: !handler.active,
            pickup: handler.pickup,
            tell_changed: handler.tell_changed,
        });
    }

    /// An active webhook.
    pub fn get(&self, id: i64) -> Option<&Arc<Handler>> {
        self.known(id).filter(|handler| handler.active)
    }

    /// A webhook, active or off.
    pub fn known(&self, id: i64) -> Option<&Arc<Handler>> {
        self.by_id.get(&id)
    }

    /// Every active webhook.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Handler>> {
        self.by_id.values().filter(|handler| handler.active)
    }

    /// The limits of those that have any of their own.
    pub fn limits(&self) -> HashMap<i64, Limits> {
        let own = self.by_id.values().filter(|handler| !handler.limits.is_empty());
        own.map(|handler| (handler.id, handler.limits)).collect()
    }

    /// The listeners of an event, including webhooks that are off.
    pub fn listeners(&self, event: &str) -> &[Listener] {
        self.by_event.get(event).map_or(&[], Vec::as_slice)
    }

    /// Whether a listener of that event wants to know what updates change.
    pub fn compares(&self, event: &str) -> bool {
        self.compared.contains(event)
    }

    /// Whether a listener is told of what changed these fields, `None` for what is no update of fields.
    pub(super) fn wants(&self, listener: &Listener, changed: Option<&[Text]>) -> bool {
        let (Some(changed), Some(only)) = (changed, self.only.get(&listener.event_handler_id)) else {
            return true;
        };
        changed.iter().any(|field| only.contains(field.as_str()))
    }
}

fn handler(row: &Row<'_>) -> std::result::Result<Handler, store::Error> {
    Ok(Handler {
        id: row.int(0)?,
        user_id: row.int(1)?,
        url: row.text(2)?.to_owned(),
        // What is stored was checked when it was written; a later version may know fewer words.
        policy: Policy::parse(row.text(3)?).unwrap_or_default(),
        ordered: row.text(4)? == "Y",
        listens: row.opt_int(5)?.is_some(),
        token: row.blob(6)?.to_vec(),
        signing: row.blob(7)?.to_vec(),
        integration_id: row.int(8)?,
        is_admin: row.int(9)? != 0,
        scopes: Text::new(row.opt_text(10)?.unwrap_or_default()),
        active: row.text(11)? == "Y",
        pickup: row.text(15)? == "Y",
        skip_own: row.text(16)? == "Y",
        tell_changed: row.text(17)? == "Y",
        limits: Limits::read(row, 18)?,
        extras: headers::Sealed::default(),
        old: match row.opt_int(14)? {
            Some(until) => {
                Some(Sealed { token: row.blob(12)?.to_vec(), signing: row.blob(13)?.to_vec(), until })
            }
            None => None,
        },
    })
}
