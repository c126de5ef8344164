-- The fault rule that hit a call; 0 for none. See webhooks::faults.
ALTER TABLE call_log ADD COLUMN rule {int} NOT NULL DEFAULT 0;
