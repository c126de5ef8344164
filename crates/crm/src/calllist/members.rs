//! Who is on a call list, and what became of the call.

use engine::call::Call;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::noun::{Access, Face, ID, Noun, field, noun};

use crate::SCOPE;
use crate::owned::{ByOwner, Code};

/// Whoever may read a contact or company sees it on lists.
static CALLED: ByOwner = ByOwner {
    fields: &["entityTypeId", "entityId"],
    code: Code::Number,
    may_own: |entity: &Entity| matches!(entity.code.as_ref(), "CONTACT" | "COMPANY"),
};

/// The status of who was not called yet.
pub const FIRST: &str = "IN_WORK";

/// Those to be called.
pub static MEMBER: Noun = Noun {
    access: Access::Rule(&CALLED),
    fields: &[
        ID,
        field("listId", Kind::Integer, "Call list").indexed(),
        field("entityTypeId", Kind::Integer, "Kind"),
        field("entityId", Kind::Integer, "Contact or company").indexed(),
        field("status", Kind::Status("CALL_LIST"), "Status").default(FIRST),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("crm.calllist.items") }],
    ..noun(
        "crm.calllist.member",
        "crm_call_list_member",
        SCOPE,
        ["member of a call list", "members of a call list"],
    )
};

/// Takes a contact or company that is gone off all lists.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<()> {
    if !(CALLED.may_own)(entity) {
        return Ok(());
    }
    let sql = "DELETE FROM crm_call_list_member WHERE entity_type_id = ? AND entity_id = ?";
    call.tx.execute(sql, &[entity.type_id.into(), id.into()])?;
    Ok(())
}
