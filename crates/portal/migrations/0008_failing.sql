-- Since when a handler does nothing but fail, and whether that is known of the whole time.

-- How many of the failures count, and the last of them in Unix seconds; see portal::outbound::queue::failing.
ALTER TABLE outbound ADD COLUMN failing_times {int} NOT NULL DEFAULT 0;
ALTER TABLE outbound ADD COLUMN failing_last {int};
