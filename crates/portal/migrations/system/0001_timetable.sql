-- Work that is due at a time; see engine::timetable. Times in microseconds; due is also when a lease ends. A job that always
-- comes again has an empty name.
CREATE TABLE job (
    kind {text} NOT NULL,
    name {text} NOT NULL,
    payload {text} NOT NULL,
    due {int} NOT NULL,
    -- Runs that failed in a row, that under way among them.
    tries {int} NOT NULL,
    lease {int},
    -- Why the last run failed.
    error {text},
    PRIMARY KEY (kind, name)
);

CREATE INDEX job_due ON job (due);
