-- The pace of handlers, as each node's courier finds it; what a webhook gave up; and a change of order that is under way.

-- What a courier does for a webhook just now. A row is written every few seconds while there is something to be done, and
-- means nothing once it is older than that.
CREATE TABLE outbound_pace (
    -- A random number of the courier's.
    node {int} NOT NULL,
    outbound_id {int} NOT NULL,
    -- Microseconds.
    at {int} NOT NULL,
    -- Requests at once that the handler gets now, in each lane; and at most.
    room {int} NOT NULL,
    most {int} NOT NULL,
    -- Requests under way, and deliveries that lie ready.
    sending {int} NOT NULL,
    ready {int} NOT NULL,
    -- Requests in the last ten seconds or so, times ten by the second.
    rate {int} NOT NULL,
    -- Whether the handler said lately that it is busy, and until when it is left alone, microseconds.
    busy {int} NOT NULL,
    paused {int},
    PRIMARY KEY (node, outbound_id)
);

-- How many deliveries were given up in all; it never falls.
ALTER TABLE outbound ADD COLUMN given_up {int} NOT NULL DEFAULT 0;
UPDATE outbound SET given_up = (SELECT COUNT(*) FROM delivery d WHERE d.state = 3 AND d.cancelled = 0 AND d.outbound_id = outbound.id);

-- 1: what waits does not keep to the new choice of order yet.
ALTER TABLE outbound ADD COLUMN reordering {int} NOT NULL DEFAULT 0;
