-- Every folder with itself and all folders above it: rights are inherited along it, and what lies below a folder is found
-- without walking through it.
CREATE TABLE disk_path (
    folder_id {int} NOT NULL,
    ancestor_id {int} NOT NULL,
    PRIMARY KEY (folder_id, ancestor_id)
);

CREATE INDEX disk_path_below ON disk_path (ancestor_id, folder_id);

-- What somebody may do to an object and to everything below it, beyond what the storage gives: 1 read, 2 add, 3 edit,
-- 4 share, 5 everything.
CREATE TABLE disk_right (
    object_id {int} NOT NULL,
    access_code {text} NOT NULL,
    level {int} NOT NULL,
    PRIMARY KEY (object_id, access_code)
);

CREATE INDEX disk_right_of ON disk_right (access_code, object_id);

-- The owners of storages. A row of its own, so that two who make one at the same moment get the same one.
CREATE TABLE disk_owner (
    entity_type {text} NOT NULL,
    owner_id {int} NOT NULL,
    PRIMARY KEY (entity_type, owner_id)
);
