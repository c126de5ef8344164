//! Test events: the example of an event, sent to a handler now, once, and marked by a header. What becomes of one says
//! nothing about the webhook: its failure switches nothing off.

use store::Tx;
use wire::{Fault, Text, Value};

use super::Handlers;
use super::find;
use super::manage::{self, Actor};
use super::only::Only;
use super::payload;
pub use super::queue::TEST_OBJECT as OBJECT;
use super::queue::{self, Fresh};
use engine::Core;
use engine::error::Result;
use engine::event_fields;
use engine::moment::Moment;

/// Puts the example of any event into the queue of one webhook, whether it listens to that event or not; gives
/// the delivery's number. It is sent like any other, but by itself: no change is behind it.
///
/// # Errors
/// `ERROR_EVENT_NOT_FOUND`; without a licence, `ACCESS_DENIED`; and those of [`find::reachable`].
pub fn send(tx: &mut Tx<'_>, core: &Core, id: i64, event: &str, actor: Actor, now: Moment) -> Result<i64> {
    let outbound = find::reachable(tx, id, actor)?;
    manage::require_licence(core)?;
    if outbound.active && Handlers::of(&core.current(tx)?.meta).get(id).is_none() {
        let text =
            "The owner is dismissed, so nothing is sent. Take over the webhook or reinstate the owner first.";
        return Err(Fault::new(409, "ERROR_DISMISSED", text).into());
    }
    if outbound.pickup {
        let text = "The events of this webhook are kept for pick-up: nothing is sent.";
        return Err(Fault::new(409, "ERROR_PICKUP", text).into());
    }
    let event = event.trim().to_ascii_uppercase();
    let declared = core.modules.event(&event);
    let declared = declared.ok_or_else(|| Fault::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"))?;
    let mut example = Value::from(declared.data.clone());
    if outbound.tell_changed
        && let Some(field) = example_field(tx, core, &outbound.only, &event)?
    {
        // A handler that is tried out sees what it will see.
        example = payload::with_changed(example, &[field]);
    }
    let data = payload::data(example);
    let listened = outbound.events.iter().find(|(name, _)| *name == event);
    let fresh = Fresh {
        outbound_id: id,
        event_handler_id: listened.map_or(0, |(_, subscription)| *subscription),
        ordered: false,
        event: &event,
        object: OBJECT,
        data: &data,
        hop: 0,
        is_off: false,
        lease: None,
    };
    Ok(queue::put(tx, fresh, now)?.id)
}

/// A field whose change the event may tell, one that was chosen where some were.
fn example_field(tx: &mut Tx<'_>, core: &Core, only: &Only, event: &str) -> Result<Option<Text>> {
    if let Some(chosen) = only.get(event).and_then(|fields| fields.first()) {
        return Ok(Some(Text::new(chosen)));
    }
    let fields = event_fields::fields_of(core.modules, &core.current(tx)?.meta, event);
    Ok(fields.first().map(|(field, _)| Text::new(field)))
}
