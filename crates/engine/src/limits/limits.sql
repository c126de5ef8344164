-- What nodes count together of rate limits. When a source's bucket will be empty, in microseconds; a crash of the server may forget it.
CREATE TABLE limit_bucket (
    source {blob} PRIMARY KEY,
    dry {int} NOT NULL
);

{postgres} ALTER TABLE limit_bucket SET UNLOGGED;

-- Seconds that a method of a webhook has run within a slot of the window, which begins at a Unix second.
CREATE TABLE limit_time (
    hook_id {int} NOT NULL,
    method {text} NOT NULL,
    slot {int} NOT NULL,
    first {int} NOT NULL,
    seconds {real} NOT NULL,
    PRIMARY KEY (hook_id, method, slot)
);
