//! Indexes over several columns, which the declarations of fields do not say.

/// Each, as it follows `CREATE`.
pub const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS sonet_group_member_of ON sonet_group_member (group_id, user_id)",
    // Whose groups: what the rules of other products ask for.
    "INDEX IF NOT EXISTS sonet_group_member_groups ON sonet_group_member (user_id, group_id, role)",
];
