//! Workgroups of another portal, and who belongs to them.

use engine::copy::{Copying, Paging, Put, Step, Target};
use engine::error::Result;
use serde_json::json;
use wire::{Map, Value};

use crate::group::GROUP;

/// The lists.
pub fn steps() -> Vec<Step> {
    const GROUPS: &[Put] = &[Put::named("ID", "GROUP_ID")];
    vec![
        Step::new("sonet_group.get", Target::Noun(&GROUP, &GROUP.faces[0]))
            .with(json!({"ORDER": {"ID": "ASC"}, "IS_ADMIN": "Y"})),
        Step::new("sonet_group.user.get", Target::With(members))
            .of_each(GROUP.table, GROUPS)
            .paged(Paging::Whole),
    ]
}

/// Members by workgroup; when they came the list does not say.
fn members(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let now = copying.clock.now.seconds();
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let role = row.get("ROLE").and_then(Value::text).unwrap_or_default().into_owned();
        let (group, user) = (number("GROUP_ID"), number("USER_ID"));
        let sql = "DELETE FROM sonet_group_member WHERE group_id = ? AND user_id = ?";
        copying.tx.execute(sql, &[group.into(), user.into()])?;
        let sql = "INSERT INTO sonet_group_member (group_id, user_id, role, initiated_by_type, date_create, date_update) \
                   VALUES (?, ?, ?, 'G', ?, ?)";
        copying.tx.execute(sql, &[group.into(), user.into(), role.into(), now.into(), now.into()])?;
        copying.told.rows += 1;
    }
    Ok(())
}
