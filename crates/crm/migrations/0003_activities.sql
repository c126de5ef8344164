-- The items that an activity is bound to. The table of activities itself follows from their fields.
CREATE TABLE crm_activity_binding (
    activity_id {int} NOT NULL,
    owner_type_id {int} NOT NULL,
    owner_id {int} NOT NULL,
    PRIMARY KEY (activity_id, owner_type_id, owner_id)
);

CREATE INDEX crm_activity_binding_owner ON crm_activity_binding (owner_type_id, owner_id, activity_id);

-- With whom an activity is, and by which phone or address.
CREATE TABLE crm_activity_communication (
    id {id},
    activity_id {int} NOT NULL,
    type {text} NOT NULL,
    value {text} NOT NULL,
    entity_type_id {int} NOT NULL,
    entity_id {int} NOT NULL
);

CREATE INDEX crm_activity_communication_activity ON crm_activity_communication (activity_id, id);
