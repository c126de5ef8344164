-- How much the portal is used, by the hour.

-- kind: 0 calls, 1 calls that failed, 2 deliveries that arrived, 3 deliveries that were given up.
-- name: of the method (`batch` for a batch), or of the event.  day: since 1970, UTC.  total: of its 24 hours.
-- Integration 0 is all of them together, and the empty name all methods, or all events, together.
CREATE TABLE usage (
    integration_id {int} NOT NULL,
    day {int} NOT NULL,
    kind {int} NOT NULL,
    name {text} NOT NULL,
    total {int} NOT NULL,
    h0 {int} NOT NULL DEFAULT 0, h1 {int} NOT NULL DEFAULT 0, h2 {int} NOT NULL DEFAULT 0, h3 {int} NOT NULL DEFAULT 0,
    h4 {int} NOT NULL DEFAULT 0, h5 {int} NOT NULL DEFAULT 0, h6 {int} NOT NULL DEFAULT 0, h7 {int} NOT NULL DEFAULT 0,
    h8 {int} NOT NULL DEFAULT 0, h9 {int} NOT NULL DEFAULT 0, h10 {int} NOT NULL DEFAULT 0, h11 {int} NOT NULL DEFAULT 0,
    h12 {int} NOT NULL DEFAULT 0, h13 {int} NOT NULL DEFAULT 0, h14 {int} NOT NULL DEFAULT 0, h15 {int} NOT NULL DEFAULT 0,
    h16 {int} NOT NULL DEFAULT 0, h17 {int} NOT NULL DEFAULT 0, h18 {int} NOT NULL DEFAULT 0, h19 {int} NOT NULL DEFAULT 0,
    h20 {int} NOT NULL DEFAULT 0, h21 {int} NOT NULL DEFAULT 0, h22 {int} NOT NULL DEFAULT 0, h23 {int} NOT NULL DEFAULT 0,
    PRIMARY KEY (integration_id, day, kind, name)
) {clustered};

-- Who is busiest, among thousands, by the day, the week and four weeks.  span: 1, 7 or 28 days; start: the day it begins with.
-- kind: 0 calls, 2 deliveries, whatever came of them.
CREATE TABLE usage_rank (
    span {int} NOT NULL,
    start {int} NOT NULL,
    kind {int} NOT NULL,
    integration_id {int} NOT NULL,
    total {int} NOT NULL,
    PRIMARY KEY (span, start, kind, integration_id)
) {clustered};

-- For the log: what was given up, of every webhook.
CREATE INDEX delivery_failed ON delivery (id) WHERE state = 3;
