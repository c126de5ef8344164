//! Indexes over several columns, which the declarations of fields do not say.

/// Each, as it follows `CREATE`.
pub const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS disk_storage_of ON disk_storage (entity_type, owner_id)",
    // The contents of a folder, and the names that are taken there.
    "INDEX IF NOT EXISTS disk_object_in_folder ON disk_object (parent_id, deleted_type, name_key)",
    // And by name, as filters ask for it.
    "INDEX IF NOT EXISTS disk_object_called ON disk_object (parent_id, deleted_type, fold(name))",
    // The same in the orders in which lists show them: by number, by name, the last changed first, and as the console does.
    "INDEX IF NOT EXISTS disk_object_numbered ON disk_object (parent_id, deleted_type, id)",
    "INDEX IF NOT EXISTS disk_object_named ON disk_object (parent_id, deleted_type, name {nulls first}, id)",
    "INDEX IF NOT EXISTS disk_object_recent ON disk_object (parent_id, deleted_type, update_time {nulls first}, id)",
    "INDEX IF NOT EXISTS disk_object_sorted ON disk_object \
     (parent_id, deleted_type, type DESC {nulls last}, name {nulls first}, id DESC)",
    // What was changed last, for searches.
    "INDEX IF NOT EXISTS disk_object_changed ON disk_object (update_time, id) WHERE deleted_type = 0",
    // The trash of a storage, and of all, the oldest first.
    "INDEX IF NOT EXISTS disk_object_trash_of ON disk_object (storage_id, delete_time, id) WHERE deleted_type = 3",
    "INDEX IF NOT EXISTS disk_object_trash ON disk_object (delete_time, id) WHERE deleted_type = 3",
    "INDEX IF NOT EXISTS disk_attached_to ON disk_attached (entity_id, host)",
];
