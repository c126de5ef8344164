//! The items that something of the CRM belongs to, as requests name them: by the number of the type or by a word.

use std::sync::Arc;

use engine::access::{Act, Stand};
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::owner::{Standing, standing};
use engine::entity::read::reach;
use engine::error::Result;
use store::Param;
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

    /// What the caller may do to it.
    pub fn standing(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Standing> {
        standing(call, &self.entity, self.id, act)
    }

    /// Refuses an item that is not there or that the caller may not do this to, in the words of the timeline.
    pub fn require(&self, call: &mut Call<'_, '_>, act: Act) -> Result<()> {
        match self.standing(call, act)? {
            Standing::Allowed => Ok(()),
            Standing::Missing => Err(missing().into()),
            Standing::Denied => Err(denied().into()),
        }
    }

    /// Raises an event about something that belongs to it, for those who may read it.
    pub fn raise(
        &self,
        call: &mut Call<'_, '_>,
        event: &str,
        happening: impl FnOnce() -> engine::event::Happening,
    ) -> Result<()> {
        let sql = format!("SELECT assigned_by_id, opened FROM {} WHERE id = ?", self.entity.table());
        let stand = call.tx.one(&sql, &[self.id.into()], |row| {
            Ok(Stand { responsible: row.opt_int(0)?.unwrap_or(0), opened: row.opt_text(1)? == Some("Y") })
        })?;
        call.raise_about(&self.entity, stand.as_slice(), event, happening);
        Ok(())
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

/// The refusal of an item that is not there.
pub fn missing() -> Fault {
    Fault::new(400, "OWNER_NOT_FOUND", "Owner was not found")
}

/// The refusal of an item that is out of reach.
pub fn denied() -> Fault {
    Fault::new(400, "ACCESS_DENIED", "Access denied.")
}

/// A condition on columns with the type and the id of an item: the caller may do this to the item. `None` when the caller
/// may do it to all.
pub fn within(
    call: &Call<'_, '_>,
    act: Act,
    (type_column, id_column): (&str, &str),
    params: &mut Vec<Param<'static>>,
) -> Option<String> {
    if call.caller.is_admin {
        return None;
    }
    let parts = call.meta.items().map(|entity| {
        params.push(entity.type_id.into());
        let owners = reach(call, entity, act).condition(params);
        let owners = owners.map(|condition| {
            format!(" AND {id_column} IN (SELECT t.id FROM {} t WHERE {condition})", entity.table())
        });
        format!("({type_column} = ?{})", owners.unwrap_or_default())
    });
    let parts: Vec<String> = parts.collect();
    Some(format!("({})", parts.join(" OR ")))
}
