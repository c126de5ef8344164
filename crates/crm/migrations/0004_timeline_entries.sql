-- Log messages are entries with a title and an icon, which the integration that wrote them may delete.
ALTER TABLE crm_timeline ADD COLUMN title {text};
ALTER TABLE crm_timeline ADD COLUMN icon {text};
ALTER TABLE crm_timeline ADD COLUMN integration_id {int};

-- Notes of an item on entries (1) of its timeline and on its activities (2).
CREATE TABLE crm_timeline_note (
    owner_type_id {int} NOT NULL,
    owner_id {int} NOT NULL,
    item_type {int} NOT NULL,
    item_id {int} NOT NULL,
    content {text} NOT NULL,
    created_by {int} NOT NULL,
    created {int} NOT NULL,
    updated_by {int} NOT NULL,
    updated {int} NOT NULL,
    PRIMARY KEY (item_type, item_id, owner_type_id, owner_id)
);

CREATE INDEX crm_timeline_note_owner ON crm_timeline_note (owner_type_id, owner_id);

-- Entries that are pinned at the top of an item's timeline.
CREATE TABLE crm_timeline_pin (
    owner_type_id {int} NOT NULL,
    owner_id {int} NOT NULL,
    entry_id {int} NOT NULL,
    PRIMARY KEY (owner_type_id, owner_id, entry_id)
);

CREATE INDEX crm_timeline_pin_entry ON crm_timeline_pin (entry_id);

-- Icons and logos that were added for entries.
CREATE TABLE crm_timeline_picture (
    id {id},
    kind {text} NOT NULL,
    code {text} NOT NULL,
    file {int} NOT NULL,
    UNIQUE (kind, code)
);
