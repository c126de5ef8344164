//! Indexes over several columns, which the declarations of fields do not say.

use store::Tx;

use engine::error::Result;

const INDEXES: [&str; 2] = [
    "UNIQUE INDEX IF NOT EXISTS sonet_group_member_of ON sonet_group_member (group_id, user_id)",
    // Whose groups: what the rules of other products ask for.
    "INDEX IF NOT EXISTS sonet_group_member_groups ON sonet_group_member (user_id, group_id, role)",
];

/// Makes those that are missing.
pub fn sync(tx: &mut Tx<'_>) -> Result<()> {
    INDEXES.iter().try_for_each(|index| {
        tx.execute(&format!("CREATE {index}"), &[])?;
        Ok(())
    })
}
