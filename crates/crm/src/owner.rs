//! The items that something of the CRM belongs to, as requests name them: by the number of the type or by a word.

use std::sync::Arc;

use engine::access::{Act, Stand};
use engine::call::Call;
use engine::entity::Entity;
pub use engine::entity::owner::readable;
use engine::entity::owner::{Standing, stand_of, standing};
use engine::error::Result;
use engine::event::{MayKnow, Recipient};
use wire::Fault;

/// An item.
#[derive(Clone, Debug)]
pub struct Owner {
    /// What it is.
    pub entity: Arc<Entity>,
    /// Its id.
    pub id: i64,
}

impl Owner {
    /// The item of that type, `deal` or `DEAL`; `None` when there is no such type.
    pub fn named(call: &Call<'_, '_>, word: &str, id: i64) -> Option<Self> {
        let entity = call.meta.entity_named(&word.to_ascii_lowercase())?;
        Some(Owner { entity, id })
    }

    /// The item of the type with that number.
    pub fn numbered(call: &Call<'_, '_>, type_id: i64, id: i64) -> Option<Self> {
        Some(Owner { entity: call.entity(type_id)?, id })
    }

    /// Whether this is the same item.
    pub fn is(&self, other: &Owner) -> bool {
        self.entity.type_id == other.entity.type_id && self.id == other.id
    }

    /// What the caller may do to it.
    pub fn standing(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Standing> {
        standing(call, &self.entity, self.id, act)
    }

    /// Refuses an item that is not there or that the caller may not do this to, in the words of the timeline.
    pub fn require(&self, call: &mut Call<'_, '_>, act: Act) -> Result<()> {
        self.standing(call, act)?.require(denied(), missing())
    }

    /// Notes that somebody did something with it. That is no change of the item, and no event tells of it.
    pub fn note_activity(&self, call: &mut Call<'_, '_>) -> Result<()> {
        let sql = format!(
            "UPDATE {} SET last_activity_time = ?, last_activity_by = ? WHERE id = ?",
            self.entity.table()
        );
        call.tx.execute(&sql, &[call.now.seconds().into(), call.caller.user_id.into(), self.id.into()])?;
        Ok(())
    }
}

/// Those who may know what happens to something that belongs to all of these items: whoever may read one of them.
pub fn audience(call: &mut Call<'_, '_>, owners: &[Owner]) -> Result<MayKnow> {
    let mut stands = Vec::with_capacity(owners.len());
    for owner in owners {
        stands.extend(
            stand_of(call.tx, &owner.entity, owner.id)?.map(|stand| (Arc::clone(&owner.entity), stand)),
        );
    }
    Ok(readers(call, stands))
}

/// Those who may read one of these items, as they stand.
pub fn readers(call: &Call<'_, '_>, items: Vec<(Arc<Entity>, Stand)>) -> MayKnow {
    let meta = Arc::clone(&call.meta);
    let reads = move |recipient: Recipient<'_>, (entity, stand): &(Arc<Entity>, Stand)| {
        let reach = meta.readable(recipient.user_id, entity.type_id, &entity.code);
        reach.covers(stand.responsible, stand.opened)
    };
    Arc::new(move |recipient| recipient.is_admin || items.iter().any(|item| reads(recipient, item)))
}

/// The refusal of an item that is not there.
pub fn missing() -> Fault {
    Fault::new(400, "OWNER_NOT_FOUND", "Owner was not found")
}

/// The refusal of an item that is out of reach.
pub fn denied() -> Fault {
    Fault::new(400, "ACCESS_DENIED", "Access denied.")
}
