//! What rows mean to their owner: it is locked before they change, and its sum follows them.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::compare::{Before, Beyond};
use engine::entity::owner::{Standing, standing, touch};
use engine::entity::{Entity, productrow};
use engine::error::Result;
use wire::Fault;

use super::OWNERS;

/// The owner that a request names by a code, when the caller may change it.
pub(super) fn changeable(call: &mut Call<'_, '_>, code: &str, id: i64) -> Result<Arc<Entity>> {
    let Some(owner) = OWNERS.kind(call, &code.into()) else {
        let text = format!("Entity type {code} is not supported");
        return Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into());
    };
    require_change(call, &owner, id)?;
    Ok(owner)
}

pub(super) fn require_change(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<()> {
    match standing(call, owner, id, Act::Update)? {
        Standing::Allowed => Ok(()),
        Standing::Denied => Err(Fault::new(400, "ACCESS_DENIED", "Access denied").into()),
        Standing::Missing => Err(Fault::new(400, "OWNER_NOT_FOUND", "Owner was not found").into()),
    }
}

/// Has the owner follow rows that were written, and tells of it.
pub(super) fn follow(call: &mut Call<'_, '_>, owner: &Entity, id: i64, changed: bool) -> Result<()> {
    let before = Before::of(call, owner, id, Beyond { products: changed, ..Beyond::default() })?;
    productrow::follow(call.tx, owner, id)?;
    touch(call, owner, id, before)
}
