-- Telling people: what goes on with handlers that fail, and what is on its way to somebody.

-- Failures of the same kind are one problem. It is forgotten when the handler is well again.
CREATE TABLE outbound_problem (
    outbound_id {int} NOT NULL,
    reason {text} NOT NULL,
    times {int} NOT NULL,
    -- Unix seconds
    first {int} NOT NULL,
    last {int} NOT NULL,
    PRIMARY KEY (outbound_id, reason)
);

-- What was told of a handler: since when it fails, at what age of that (seconds, -1 for nothing), whether it was told that
-- the webhook is switched off, and when a delivery succeeded after all of it. See outbound::alert.
ALTER TABLE outbound ADD COLUMN alert_since {int};
ALTER TABLE outbound ADD COLUMN alert_age {int} NOT NULL DEFAULT -1;
ALTER TABLE outbound ADD COLUMN alert_off {int} NOT NULL DEFAULT 0;
ALTER TABLE outbound ADD COLUMN alert_well {int};

-- Those that went off before are no news.
UPDATE outbound SET alert_off = 1 WHERE disabled_because IS NOT NULL;

-- Messages to people: alerts to the alert URL, and e-mails. The contents are sealed, since a link that sets a password
-- may be among them.
CREATE TABLE outbox (
    id {id},
    -- post, mail
    channel {text} NOT NULL,
    letter {blob} NOT NULL,
    -- Microseconds; due is also when a lease ends.
    created {int} NOT NULL,
    due {int} NOT NULL,
    tries {int} NOT NULL,
    lease {int},
    -- Why the last try failed.
    error {text}
);

CREATE INDEX outbox_due ON outbox (due);
