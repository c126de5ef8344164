//! Raising an event: one delivery for every webhook that listens, in the transaction of the change. They are put into the
//! queue together at the call's end: a batch of fifty commands raises in one statement where the engine takes one.

use std::sync::Arc;

use store::Tx;
use wire::{Map, Text, Value};

use super::handler::{Handler, Listener};
use super::handover::{Handover, Held};
use super::payload;
use super::queue::{self, Fresh, Lease};
use crate::access::Stand;
use crate::call::Call;
use crate::entity::Entity;
use crate::error::Result;
use crate::meta::Meta;
use crate::moment::Moment;
use crate::registry::registry;
use crate::settings::Settings;

/// An event that came about by a chain of so many events before it is not sent: it goes in a circle
/// (Bitrix24 gives chains as many links, protocol 9.3).
pub const MOST_HOPS: u8 = 7;

/// What happened.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What it happened to, `lead:17`: events of one object keep their order for webhooks that ask for it.
    pub object: String,
    /// The event's `data`.
    pub data: Value,
}

impl Happening {
    /// Something that happened to an item: its data is `FIELDS[ID]`.
    pub fn to_item(entity: &Entity, id: i64) -> Self {
        Happening::new(entity.object(id), [("ID", id.into())])
    }

    /// Something that happened to an object; `fields` become `FIELDS`.
    pub fn new<const N: usize>(object: String, fields: [(&str, Value); N]) -> Self {
        let (mut members, mut data) = (Map::with_capacity(N), Map::with_capacity(1));
        fields.into_iter().for_each(|(name, value)| members.push(name, value));
        data.push("FIELDS", members);
        Happening { object, data: data.into() }
    }
}

/// For whom a change raised something, for the courier to be told after the commit.
#[derive(Debug, Default)]
pub struct Raised {
    /// Webhooks for which something waits in the queue.
    pub waiting: Vec<i64>,
    /// What the courier holds already.
    pub held: Vec<Held>,
}

/// An event that a change raised, on its way into the queue.
#[derive(Clone, Debug)]
pub struct Notice {
    event: Text,
    object: String,
    /// The event's data, encoded.
    data: String,
    /// How many events lie before it in its chain.
    hop: u8,
    /// Who listened when it was raised, and may know of it.
    listeners: Vec<Listener>,
    meta: Arc<Meta>,
}

/// Raises an event for those who listen and `may_know` of it, by their owners' rights of now; `None` when it goes to
/// nobody. It costs next to nothing when nobody listens: `happening` is only asked when somebody does. What is raised is
/// to be [put into the queue](enqueue) before the transaction ends.
pub fn raise(
    meta: &Arc<Meta>,
    settings: &Settings,
    hop: u8,
    event: &str,
    may_know: impl Fn(&Handler) -> bool,
    happening: impl FnOnce() -> Happening,
) -> Option<Notice> {
    debug_assert!(registry().event(event).is_some(), "{event} is declared nowhere");
    let is_told =
        |listener: &&Listener| meta.handlers.get(listener.outbound_id).is_some_and(|one| may_know(one));
    let listeners: Vec<Listener> = meta.handlers.listeners(event).iter().filter(is_told).copied().collect();
    if listeners.is_empty() || !settings.outbound_available() {
        return None;
    }
    if hop >= MOST_HOPS {
        tracing::warn!(event, hop, "an event that goes in a circle was not sent");
        return None;
    }
    let Happening { object, data } = happening();
    let data = payload::data(data);
    Some(Notice { event: Text::new(event), object, data, hop, listeners, meta: Arc::clone(meta) })
}

/// Puts what was raised into the queue, in its order. What the courier has room for, says `handover`, is leased to it; whom
/// nobody tells afterwards passes none.
pub fn enqueue(
    tx: &mut Tx<'_>,
    notices: &[Notice],
    handover: Option<&Arc<Handover>>,
    now: Moment,
) -> Result<Raised> {
    let mut raised = Raised::default();
    let lease = |listener: &Listener| handover.and_then(|handover| handover.lease(listener, now));
    let rows = notices.iter().flat_map(|notice| notice.rows(lease).map(move |fresh| (notice, fresh)));
    let (notices, fresh): (Vec<&Notice>, Vec<Fresh<'_>>) = rows.unzip();
    let ids = queue::put_all(tx, &fresh, now)?;
    for ((notice, fresh), id) in notices.into_iter().zip(fresh).zip(ids) {
        match fresh.held(id, now).zip(handover) {
            Some((leased, handover)) => raised.held.push(Held::new(leased, &notice.meta, handover)),
            None => raised.waiting.push(fresh.outbound_id),
        }
    }
    Ok(raised)
}

impl Notice {
    /// A delivery for everyone who is told.
    fn rows<'a>(&'a self, lease: impl Fn(&Listener) -> Option<Lease>) -> impl Iterator<Item = Fresh<'a>> {
        let fresh = move |listener: &Listener| Fresh {
            outbound_id: listener.outbound_id,
            event_handler_id: listener.event_handler_id,
            ordered: listener.ordered,
            event: &self.event,
            object: &self.object,
            data: &self.data,
            hop: self.hop,
            lease: lease(listener),
        };
        self.listeners.iter().map(fresh)
    }
}

impl Call<'_, '_> {
    /// Raises an event about a change that this call makes, for everybody who listens; see [`raise`].
    pub fn raise(&mut self, event: &str, happening: impl FnOnce() -> Happening) {
        self.owed.notices.extend(raise(&self.meta, &self.settings, self.hop, event, |_| true, happening));
    }

    /// The same about an item, for those whose owners may read it as it stood before the change or stands after it.
    pub fn raise_about(
        &mut self,
        entity: &Entity,
        stands: &[Stand],
        event: &str,
        happening: impl FnOnce() -> Happening,
    ) {
        let meta = &self.meta;
        let may_know = |handler: &Handler| {
            handler.is_admin || {
                let reach = meta.readable(handler.user_id, entity);
                stands.iter().any(|stand| reach.covers(stand.responsible, stand.opened))
            }
        };
        self.owed.notices.extend(raise(meta, &self.settings, self.hop, event, may_know, happening));
    }
}
