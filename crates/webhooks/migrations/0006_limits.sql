-- How much a handler gets at most; empty: as the operator decides. See outbound::limits.

-- Requests a second.
ALTER TABLE outbound ADD COLUMN rate_limit {int};
-- Requests at once, first tries and retries together.
ALTER TABLE outbound ADD COLUMN concurrency_limit {int};
