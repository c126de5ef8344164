//! Who may book: everybody who may read clients or deals in the CRM. Bookings, resources and the waiting list are common to
//! all of them.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, read};
use engine::error::Result;
use engine::event::{MayKnow, Recipient};
use engine::noun::{Grant, Row, Rule};

/// The kinds of items of the CRM that open bookings: leads, deals, contacts and companies.
const KINDS: [i64; 4] = [1, 2, 3, 4];

/// Rows for those who may use the CRM.
#[derive(Debug)]
pub struct OfCrm;

impl Rule for OfCrm {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        let reads = |entity: &Arc<Entity>| !read::reach(call, entity, Act::Read).is_nothing();
        let may = call.caller.is_admin || kinds(call).iter().any(reads);
        Ok(if may { Grant::All } else { Grant::Nothing })
    }

    fn audience(&self, call: &mut Call<'_, '_>, _: &Row) -> Result<MayKnow> {
        let (meta, kinds) = (Arc::clone(&call.meta), kinds(call));
        Ok(Arc::new(move |who: Recipient<'_>| {
            let reads =
                |kind: &Arc<Entity>| !meta.readable(who.user_id, kind.type_id, &kind.code).is_nothing();
            who.is_admin || kinds.iter().any(reads)
        }))
    }
}

fn kinds(call: &Call<'_, '_>) -> Vec<Arc<Entity>> {
    KINDS.into_iter().filter_map(|kind| call.entity(kind)).collect()
}
