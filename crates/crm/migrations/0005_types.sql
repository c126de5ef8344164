-- Which types of items stand under which: whose items may name one of the others as their parent.
CREATE TABLE crm_type_relation (
    parent_type_id {int} NOT NULL,
    child_type_id {int} NOT NULL,
    is_listed {text} NOT NULL,
    PRIMARY KEY (parent_type_id, child_type_id)
);
