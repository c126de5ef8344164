-- How many items there are in each block of ids, so that a far page of a list is found without going through all pages
-- before it. A block has a row for each writer that changed it.
CREATE TABLE crm_item_block (
    entity_type_id {int} NOT NULL,
    block {int} NOT NULL,
    shard {int} NOT NULL,
    items {int} NOT NULL,
    PRIMARY KEY (entity_type_id, block, shard)
);
