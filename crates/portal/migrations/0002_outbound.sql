-- Outbound webhooks, and every event that they are sent.

CREATE TABLE outbound (
    id {id},
    user_id {int} NOT NULL REFERENCES portal_user (id),
    title {text} NOT NULL,
    comment {text} NOT NULL,
    handler_url {text} NOT NULL,
    -- Sealed for the owner: the application_token, and the key of the signatures.
    token {blob} NOT NULL,
    signing {blob} NOT NULL,
    retries {text} NOT NULL,
    ordered {text} NOT NULL,
    active {text} NOT NULL,
    disabled_because {text},
    failing_since {int},
    created {int} NOT NULL,
    -- For `portreeve listen`, which fetches its deliveries itself: when it last gave a sign of life.
    heard {int}
);

CREATE INDEX outbound_user ON outbound (user_id);

-- One row per event; its id is the event_handler_id of the protocol.
CREATE TABLE outbound_event (
    id {id},
    outbound_id {int} NOT NULL REFERENCES outbound (id),
    event {text} NOT NULL
);

CREATE UNIQUE INDEX outbound_event_name ON outbound_event (outbound_id, event);

-- state: 0 waiting, 1 leased, 2 delivered, 3 given up.  lane: 0 first tries, 1 retries.
-- due: when a waiting one is to be sent, when the lease of a leased one ends, when the others ended.
-- lease: a number of who holds it, or held it last.
-- No reference to outbound: the log of a deleted webhook stays for as long as the log is kept.
CREATE TABLE delivery (
    id {id},
    outbound_id {int} NOT NULL,
    event_handler_id {int} NOT NULL,
    event {text} NOT NULL,
    object {text} NOT NULL,
    data {text} NOT NULL,
    hop {int} NOT NULL,
    raised {int} NOT NULL,
    ordered {int} NOT NULL,
    state {int} NOT NULL,
    lane {int} NOT NULL,
    due {int} NOT NULL,
    attempts {int} NOT NULL,
    lease {int}
);

CREATE INDEX delivery_open ON delivery (state, outbound_id, lane, due, id) WHERE state < 2;
CREATE INDEX delivery_ordered ON delivery (outbound_id, object, id) WHERE state < 2 AND ordered = 1;
CREATE INDEX delivery_outbound ON delivery (outbound_id, id);
CREATE INDEX delivery_given_up ON delivery (outbound_id, id) WHERE state = 3;

CREATE TABLE delivery_attempt (
    delivery_id {int} NOT NULL,
    number {int} NOT NULL,
    started {int} NOT NULL,
    took {int} NOT NULL,
    status {int},
    error {text},
    answer {text} NOT NULL,
    PRIMARY KEY (delivery_id, number)
) {clustered};
