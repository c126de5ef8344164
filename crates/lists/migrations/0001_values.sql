-- The values of elements: one row each, since a field may have several, and answers name them.
CREATE TABLE lists_value (
    id {id},
    element_id {int} NOT NULL,
    field_id {int} NOT NULL,
    value {text} NOT NULL,
    number {real}
);

CREATE INDEX lists_value_of ON lists_value (element_id, field_id);
CREATE INDEX lists_value_number ON lists_value (field_id, number);

-- The choices of fields that are lists.
CREATE TABLE lists_choice (
    id {id},
    field_id {int} NOT NULL,
    value {text} NOT NULL,
    sort {int} NOT NULL,
    def {text} NOT NULL
);

CREATE INDEX lists_choice_of ON lists_choice (field_id);

-- Who may do what with a list: 1 read, 2 add, 3 change, 4 everything. The letter is what a request gave.
CREATE TABLE lists_right (
    list_id {int} NOT NULL,
    access_code {text} NOT NULL,
    letter {text} NOT NULL,
    level {int} NOT NULL,
    PRIMARY KEY (list_id, access_code)
);
