//! Whose calls are whose: a call is open to the employee who has it, to who registered it and to administrators; the heads
//! of the employee see it as well.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::event::MayKnow;
use engine::noun::{Grant, Row, Rule};
use store::Param;

/// The rule of calls and of what is kept of them.
pub struct OfCalls;

impl Rule for OfCalls {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let me = call.caller.user_id;
        let led = match act {
            Act::Read | Act::Export => call.meta.directory.people_of(me),
            _ => Vec::new(),
        };
        let users: Vec<Param<'static>> = std::iter::once(me).chain(led).map(Param::from).collect();
        let condition =
            format!("(t.portal_user_id IN ({}) OR t.created_by_id = ?)", store::placeholders(users.len()));
        Ok(Grant::Where(condition, users.into_iter().chain([me.into()]).collect()))
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        Ok(audience(call, row.int("portalUserId").unwrap_or(0), row.int("createdById").unwrap_or(0)))
    }
}

/// Who may know what happens to a call of that employee, registered by that user.
pub fn audience(call: &Call<'_, '_>, user: i64, registrar: i64) -> MayKnow {
    let meta = std::sync::Arc::clone(&call.meta);
    std::sync::Arc::new(move |who| {
        who.is_admin
            || who.user_id == user
            || who.user_id == registrar
            || meta.directory.is_above(who.user_id, user)
    })
}
