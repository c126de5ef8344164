//! Indexes over several columns, which the declarations of fields do not say.

/// Each, as it follows `CREATE`.
pub const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS im_member_of_chat ON im_member (chat_id, user_id)",
    "INDEX IF NOT EXISTS im_member_of_person ON im_member (user_id, chat_id)",
    // A person's recent list, in its order.
    "INDEX IF NOT EXISTS im_member_recently ON im_member (user_id, pinned, recent_id) WHERE recent_id IS NOT NULL",
    // What a person has not read, or has marked so.
    "INDEX IF NOT EXISTS im_member_waiting ON im_member (user_id) WHERE counter > 0 OR unread = 'Y'",
    "INDEX IF NOT EXISTS im_chat_of_object ON im_chat (entity_type, entity_id) WHERE entity_type IS NOT NULL",
    // Chats that everybody may read.
    "INDEX IF NOT EXISTS im_chat_open ON im_chat (id) WHERE type = 'OPEN'",
    // With the type, or SQLite goes through all that a person has.
    "INDEX IF NOT EXISTS im_notification_asked ON im_notification (user_id, type, id) WHERE type = 1",
    "INDEX IF NOT EXISTS im_notification_waiting ON im_notification (user_id, id) WHERE read = 'N'",
    "INDEX IF NOT EXISTS im_notification_tagged ON im_notification (tag, user_id) WHERE tag IS NOT NULL",
    "INDEX IF NOT EXISTS im_notification_grouped ON im_notification (sub_tag, user_id) WHERE sub_tag IS NOT NULL",
];
