//! The activity that stands for a call list.

use engine::call::Call;
use engine::entity::{Draft, Entity, Naming};
use engine::error::Result;
use std::sync::Arc;
use wire::Map;

use super::{binding, complete, fields, kind, write};
use crate::owner::Owner;

/// What such an activity is about.
pub const SUBJECT: &str = "Call list #{id}";

/// Adds it, bound to those who are to be called as far as there is room; gives its number.
pub fn stand_for_call_list(
    call: &mut Call<'_, '_>,
    entity: &Arc<Entity>,
    list: i64,
    called: &[i64],
) -> Result<i64> {
    let subject = call.portal_name(SUBJECT);
    let subject = subject.replace("{id}", &list.to_string());
    let given = Map::new();
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, &given, None)?;
    draft.set("TYPE_ID", kind::PROVIDED);
    draft.set("PROVIDER_ID", "CALL_LIST");
    draft.set("PROVIDER_TYPE_ID", "CALL_LIST");
    draft.set("ASSOCIATED_ENTITY_ID", list);
    draft.set("SUBJECT", subject);
    draft.set("RESPONSIBLE_ID", call.caller.user_id);
    complete::normalize(&mut draft);
    complete::set_times(call, &mut draft, kind::PROVIDED);
    let owner = |id: &i64| Owner { entity: Arc::clone(entity), id: *id };
    let items: Vec<Owner> = called.iter().take(binding::MAX).map(owner).collect();
    write::insert(call, draft, &items, &[])
}
