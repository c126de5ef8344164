-- Events that are kept for pick-up instead of being sent, one row for each object; see portal::outbound::pickup. And whether a
-- webhook is told of changes by the inbound webhook of its own integration.

ALTER TABLE outbound ADD COLUMN pickup {text} NOT NULL DEFAULT 'N';
ALTER TABLE outbound ADD COLUMN skip_own {text} NOT NULL DEFAULT 'N';

-- process_id: empty while nobody works on it.
CREATE TABLE outbound_pickup (
    id {id},
    outbound_id {int} NOT NULL,
    object {text} NOT NULL,
    event {text} NOT NULL,
    data {text} NOT NULL,
    changed {int} NOT NULL,
    message_id {text} NOT NULL,
    process_id {text} NOT NULL,
    failed {int} NOT NULL
);

CREATE UNIQUE INDEX outbound_pickup_object ON outbound_pickup (outbound_id, object, process_id);
CREATE INDEX outbound_pickup_waiting ON outbound_pickup (outbound_id, process_id, changed, id);
