-- Events that are kept while a webhook is off, and the lines in which events of one object wait for each other.

-- Further states: 4 held while the webhook was off, 5 behind an earlier event of its object, 6 to be lined up.
-- ordered: 1 stands in the line of its object, 2 stood there and ended, 0 keeps to no order.
ALTER TABLE delivery ADD COLUMN slowed {int} NOT NULL DEFAULT 0;

-- What is held and was raised before that moment, in microseconds, is dropped when the webhook works again.
ALTER TABLE outbound ADD COLUMN held_since {int} NOT NULL DEFAULT 0;
-- How many held events were dropped because there were too many or they were too old, since the webhook went off.
ALTER TABLE outbound ADD COLUMN dropped {int} NOT NULL DEFAULT 0;

DROP INDEX delivery_ordered;

-- Order is the rule now. Nobody could choose against it, so it holds for every webhook there is.
UPDATE outbound SET ordered = 'Y' WHERE heard IS NULL;
UPDATE delivery SET ordered = 2 WHERE state >= 2 AND ordered = 1;
UPDATE delivery SET ordered = 1, state = CASE WHEN state = 0 THEN 6 ELSE state END
    WHERE state < 2 AND object <> 'test' AND outbound_id IN (SELECT id FROM outbound WHERE heard IS NULL);

-- The sum keeps the engines from walking through all numbers to find the first one of a line.
CREATE INDEX delivery_line ON delivery (outbound_id, object, (id + 0)) WHERE ordered = 1;
CREATE INDEX delivery_held ON delivery (outbound_id, id) WHERE state = 4;
CREATE INDEX delivery_arrived ON delivery (id) WHERE state = 6;
