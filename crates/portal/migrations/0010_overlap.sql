-- Secrets of an outbound webhook that still hold beside new ones, and until when, in Unix seconds; see
-- portal::outbound::overlap.

ALTER TABLE outbound ADD COLUMN old_token {blob};
ALTER TABLE outbound ADD COLUMN old_signing {blob};
ALTER TABLE outbound ADD COLUMN old_until {int};
