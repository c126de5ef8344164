-- Which updates an outbound webhook is told of, and whether it is told what they changed.

-- Names of fields, separated by commas: an update is told only if it changed one of them. Empty for every update.
ALTER TABLE outbound_event ADD COLUMN fields {text} NOT NULL DEFAULT '';

-- Y: data has the names of the fields that an update changed.
ALTER TABLE outbound ADD COLUMN tell_changed {text} NOT NULL DEFAULT 'N';
