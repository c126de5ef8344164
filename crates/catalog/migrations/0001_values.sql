-- The values of properties that have several, one a row: products are found by them here. Of long ones it is the beginning.
CREATE TABLE catalog_property_value (
    field_id {int} NOT NULL,
    value {text} NOT NULL,
    row_id {int} NOT NULL,
    PRIMARY KEY (field_id, value, row_id)
);

CREATE INDEX catalog_property_value_of ON catalog_property_value (row_id, field_id);
