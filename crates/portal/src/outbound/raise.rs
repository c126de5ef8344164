//! Raising an event: one delivery for every webhook that listens, in the transaction of the change.

use std::sync::Arc;

use store::Tx;
use wire::{Map, Value};

use super::handler::Listener;
use super::handover::{Handover, Held};
use super::payload;
use super::queue::{self, Fresh};
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

/// What a change is part of.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// The portal's settings.
    pub settings: &'a Settings,
    /// How many events lie before this one in the chain.
    pub hop: u8,
    /// When.
    pub now: Moment,
    /// Where the courier says what it would take at once, of whoever tells it afterwards.
    pub handover: Option<&'a Arc<Handover>>,
}

/// For whom a change raised something, for the courier to be told after the commit.
#[derive(Debug, Default)]
pub struct Raised {
    /// Webhooks for which something waits in the queue.
    pub waiting: Vec<i64>,
    /// What the courier holds already.
    pub held: Vec<Held>,
}

impl Raised {
    /// Adds what else was raised.
    pub fn add(&mut self, other: Raised) {
        self.waiting.extend(other.waiting);
        self.held.extend(other.held);
    }
}

/// Raises an event. It costs next to nothing when nobody listens: `happening` is only asked when somebody does.
pub fn raise(
    tx: &mut Tx<'_>,
    meta: &Arc<Meta>,
    cause: Cause<'_>,
    event: &str,
    happening: impl FnOnce() -> Happening,
) -> Result<Raised> {
    debug_assert!(registry().event(event).is_some(), "{event} is declared nowhere");
    let listeners = meta.handlers.listeners(event);
    if listeners.is_empty() || !cause.settings.outbound_available() {
        return Ok(Raised::default());
    }
    if cause.hop >= MOST_HOPS {
        tracing::warn!(event, hop = cause.hop, "an event that goes in a circle was not sent");
        return Ok(Raised::default());
    }
    let Happening { object, data } = happening();
    let data = payload::data(data);
    let fresh = |listener: &Listener| Fresh {
        outbound_id: listener.outbound_id,
        event_handler_id: listener.event_handler_id,
        ordered: listener.ordered,
        event,
        object: &object,
        data: &data,
        hop: cause.hop,
        lease: cause.handover.and_then(|handover| handover.lease(listener, cause.now)),
    };
    let fresh: Vec<Fresh<'_>> = listeners.iter().map(fresh).collect();
    let ids = queue::put_all(tx, &fresh, cause.now)?;
    let mut raised = Raised::default();
    for (fresh, id) in fresh.iter().zip(ids) {
        match fresh.held(id, cause.now).zip(cause.handover) {
            Some((leased, handover)) => raised.held.push(Held::new(leased, meta, handover)),
            None => raised.waiting.push(fresh.outbound_id),
        }
    }
    Ok(raised)
}

impl Call<'_, '_> {
    /// Raises an event about a change that this call makes; see [`raise`].
    pub fn raise(&mut self, event: &str, happening: impl FnOnce() -> Happening) -> Result<()> {
        let handover = Some(&self.core.handover);
        let cause = Cause { settings: &self.settings, hop: self.hop, now: self.now, handover };
        let raised = raise(self.tx, &self.meta, cause, event, happening)?;
        self.raised.add(raised);
        Ok(())
    }
}
