-- Files that rows of a copy show and that may be fetched: where they go, and the request whose answer has the link.
CREATE TABLE portal_copy_file (
    id {id},
    -- 0 waits and has a number, 1 waits and has none, 2 is there, 3 was refused.
    state {int} NOT NULL,
    table_name {text} NOT NULL,
    column_name {text} NOT NULL,
    row_id {int} NOT NULL,
    -- The place in a list; the field is a list if `many` is 1.
    at {int} NOT NULL,
    many {int} NOT NULL,
    -- The number that the file has there, 0 for none that is told.
    number {int} NOT NULL,
    name {text},
    created {int},
    url {text} NOT NULL,
    -- How good the link is: 0 is made for programs.
    grade {int} NOT NULL,
    -- The step, and its request as JSON.
    step {text} NOT NULL,
    asked {text} NOT NULL,
    -- When the link was read.
    read_at {int} NOT NULL,
    -- The number of the file here.
    file_id {int},
    -- Why it cannot be fetched.
    reason {text}
);

CREATE UNIQUE INDEX portal_copy_file_place ON portal_copy_file (table_name, column_name, row_id, at);
CREATE INDEX portal_copy_file_read ON portal_copy_file (read_at);
CREATE INDEX portal_copy_file_state ON portal_copy_file (state, id);
