//! Raising events: what a call changes is noted with it, and addressed when the whole call has ended.

use std::sync::Arc;

use wire::Text;

use crate::access::Stand;
use crate::call::Call;
use crate::entity::Entity;
use crate::event::{Happening, MayKnow, Notice, Recipient};

impl Call<'_, '_> {
    /// Raises an event about a change that this call makes, for everybody who listens. It costs next to nothing when
    /// nobody does: `happening` is only asked when somebody listens.
    pub fn raise(&mut self, event: &str, happening: impl FnOnce() -> Happening) {
        self.note(event, None, Arc::new(|_| true), happening);
    }

    /// The same about an item, for those whose owners may read it as it stood before the change or stands after it.
    pub fn raise_about(
        &mut self,
        entity: &Entity,
        stands: &[Stand],
        event: &str,
        happening: impl FnOnce() -> Happening,
    ) {
        self.note(event, None, self.readers_of(entity, stands), happening);
    }

    /// Those who may read an item that stands, or stood, in one of these ways.
    pub fn readers_of(&self, entity: &Entity, stands: &[Stand]) -> MayKnow {
        let (meta, stands) = (Arc::clone(&self.meta), stands.to_vec());
        let (type_id, code) = (entity.type_id, entity.code.clone());
        Arc::new(move |recipient: Recipient<'_>| {
            recipient.is_admin || {
                let reach = meta.readable(recipient.user_id, type_id, &code);
                stands.iter().any(|stand| reach.covers(stand.responsible, stand.opened))
            }
        })
    }

    /// The same for those who may know of it.
    pub fn raise_to(&mut self, may_know: MayKnow, event: &str, happening: impl FnOnce() -> Happening) {
        self.note(event, None, may_know, happening);
    }

    /// Raises an event for one [handler](crate::modules::Handlers) of a module's own.
    pub fn raise_at(&mut self, handler: i64, event: &str, happening: impl FnOnce() -> Happening) {
        self.note(event, Some(handler), Arc::new(|_| true), happening);
    }

    /// Whether somebody wants to know which fields the updates change that raise this event.
    pub fn compares(&self, event: &str) -> bool {
        self.core.modules.compares(&self.meta, event)
    }

    fn note(
        &mut self,
        event: &str,
        to: Option<i64>,
        may_know: MayKnow,
        happening: impl FnOnce() -> Happening,
    ) {
        debug_assert!(self.core.modules.event(event).is_some(), "{event} is declared nowhere");
        if !self.core.modules.hears(&self.meta, event) {
            return;
        }
        let (happening, meta) = (happening(), Arc::clone(&self.meta));
        self.owed.notices.push(Notice {
            event: Text::new(event),
            happening,
            hop: self.hop,
            origin: self.caller.integration_id,
            to,
            may_know,
            meta,
        });
    }
}
