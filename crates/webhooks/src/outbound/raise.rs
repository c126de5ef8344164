//! Raising an event: one delivery for every webhook that listens, in the transaction of the change. They are put into the
//! queue together at the call's end: a batch of fifty commands raises in one statement where the engine takes one.

use std::sync::Arc;

use engine::error::Result;
use engine::event::Notice;
use engine::moment::Moment;
use engine::settings::Settings;
use store::Tx;

use super::handler::{Handlers, Listener};
use super::handover::{Handed, Handover};
use super::payload;
use super::pickup;
use super::queue::{self, Fresh, Lease, Place};

/// An event that came about by a chain of so many events before it is not sent: it goes in a circle
/// (Bitrix24 gives chains as many links, protocol 9.3).
pub const MAX_HOPS: u8 = 7;

/// For whom a change raised something, for the courier to be told after the commit.
#[derive(Debug, Default)]
pub struct Raised {
    /// Webhooks for which something waits in the queue.
    pub waiting: Vec<i64>,
    /// What the courier holds already.
    pub handed: Vec<Handed>,
    /// Whether some of it is to be [lined up](super::queue::line_up).
    pub arrived: bool,
    /// The numbers of all deliveries, those that are held among them.
    pub deliveries: Vec<i64>,
}

/// Puts what was raised into the queue, in its order, for those who listen and may know of it. For a webhook that is off, and
/// without an active licence for all of them, it is held. What the courier has room
/// for, says `handover`, is leased to it; whom nobody tells afterwards passes none.
pub fn enqueue(
    tx: &mut Tx<'_>,
    settings: &Settings,
    notices: &[Notice],
    handover: Option<&Arc<Handover>>,
    now: Moment,
) -> Result<Raised> {
    let mut raised = Raised::default();
    let addressed: Vec<Addressed<'_>> =
        notices.iter().filter_map(|notice| address(settings, notice)).collect();
    for one in &addressed {
        for listener in one.listeners.iter().filter(|listener| listener.pickup) {
            pickup::put(tx, listener, one.notice, one.data(listener), now)?;
        }
    }
    let lease = |listener: &Listener| handover.and_then(|handover| handover.lease(listener));
    let rows =
        addressed.iter().flat_map(|addressed| addressed.rows(lease).map(move |fresh| (addressed, fresh)));
    let (addressed, fresh): (Vec<&Addressed<'_>>, Vec<Fresh<'_>>) = rows.unzip();
    let placed = queue::put_all(tx, &fresh, now)?;
    for ((addressed, fresh), placed) in addressed.into_iter().zip(fresh).zip(placed) {
        raised.deliveries.push(placed.id);
        match placed.place {
            Place::Waiting => raised.waiting.push(fresh.outbound_id),
            Place::Arrived => raised.arrived = true,
            Place::Held | Place::Behind => {}
            Place::Leased => {
                let leased = fresh.leased(placed.id, now).zip(handover);
                raised.handed.extend(leased.map(|(one, to)| Handed::new(one, &addressed.notice.meta, to)));
            }
        }
    }
    Ok(raised)
}

/// An event with those who are told of it.
struct Addressed<'a> {
    notice: &'a Notice,
    /// The event's data, encoded.
    data: String,
    /// The same with the names of changed fields, when some are told them.
    data_with_changed: Option<String>,
    listeners: Vec<Listener>,
}

/// Finds those who listened when an event was raised and may know of it; `None` when it goes to nobody.
fn address<'a>(settings: &Settings, notice: &'a Notice) -> Option<Addressed<'a>> {
    let handlers = Handlers::of(&notice.meta);
    let is_off = !settings.outbound_available();
    let told = |listener: &Listener| {
        let handler = handlers.known(listener.outbound_id)?;
        let listener = Listener { is_off: listener.is_off || is_off, ..*listener };
        // A listener fetches what it can, and misses the rest.
        let wants = handlers.wants(&listener, notice.happening.changed.as_deref());
        let may_know = wants && !handler.is_echo(notice.origin) && (notice.may_know)(handler.recipient());
        let is_meant = notice.to.is_none_or(|to| to == listener.outbound_id);
        let is_told = is_meant && may_know && !(listener.is_off && listener.listens);
        is_told.then_some(listener)
    };
    let listeners: Vec<Listener> = handlers.listeners(&notice.event).iter().filter_map(told).collect();
    if listeners.is_empty() {
        return None;
    }
    if notice.hop >= MAX_HOPS {
        let (event, hop) = (&*notice.event, notice.hop);
        tracing::warn!(event, hop, "an event that goes in a circle was not sent");
        return None;
    }
    let changed = notice.happening.changed.as_deref();
    let changed = changed.filter(|_| listeners.iter().any(|listener| listener.tell_changed));
    let data = &notice.happening.data;
    let data_with_changed =
        changed.map(|changed| payload::data(payload::with_changed(data.clone(), changed)));
    Some(Addressed { notice, data: payload::data(data.clone()), data_with_changed, listeners })
}

impl Addressed<'_> {
    /// The data for a listener.
    fn data(&self, listener: &Listener) -> &str {
        let told = self.data_with_changed.as_ref().filter(|_| listener.tell_changed);
        told.unwrap_or(&self.data)
    }

    /// A delivery for everyone who is told.
    fn rows<'a>(&'a self, lease: impl Fn(&Listener) -> Option<Lease>) -> impl Iterator<Item = Fresh<'a>> {
        let fresh = move |listener: &Listener| Fresh {
            outbound_id: listener.outbound_id,
            event_handler_id: listener.event_handler_id,
            ordered: listener.ordered,
            event: &self.notice.event,
            object: &self.notice.happening.object,
            data: self.data(listener),
            hop: self.notice.hop,
            is_off: listener.is_off,
            lease: if listener.is_off { None } else { lease(listener) },
        };
        self.listeners.iter().filter(|listener| !listener.pickup).map(fresh)
    }
}
