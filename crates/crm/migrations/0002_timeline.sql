-- Entries of the timelines of items. The same entry may stand in the timelines of several items.
CREATE TABLE crm_timeline (
    id {id},
    kind {text} NOT NULL,
    created {int} NOT NULL,
    author_id {int} NOT NULL,
    comment {text},
    files {text}
);

CREATE TABLE crm_timeline_binding (
    entry_id {int} NOT NULL,
    entity_type_id {int} NOT NULL,
    entity_id {int} NOT NULL,
    PRIMARY KEY (entry_id, entity_type_id, entity_id)
);

CREATE INDEX crm_timeline_binding_item ON crm_timeline_binding (entity_type_id, entity_id, entry_id);

-- Through which stages items went: a row for each arrival.
CREATE TABLE crm_stage_history (
    id {id},
    entity_type_id {int} NOT NULL,
    owner_id {int} NOT NULL,
    type_id {int} NOT NULL,
    created_time {int} NOT NULL,
    category_id {int} NOT NULL,
    stage_id {text} NOT NULL,
    stage_semantic_id {text} NOT NULL
);

CREATE INDEX crm_stage_history_owner ON crm_stage_history (entity_type_id, owner_id, id);
CREATE INDEX crm_stage_history_time ON crm_stage_history (entity_type_id, created_time);
