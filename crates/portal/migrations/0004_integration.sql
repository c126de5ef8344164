-- An integration is what a person makes in the console: an inbound webhook, an outbound one, or both. It has the
-- owner and the name; hook and outbound are its parts.

CREATE TABLE integration (
    id {id},
    user_id {int} NOT NULL REFERENCES portal_user (id),
    scenario {text} NOT NULL,
    title {text} NOT NULL,
    comment {text} NOT NULL,
    -- What the request builder holds, as JSON.
    query {text},
    created {int} NOT NULL
);

CREATE INDEX integration_user ON integration (user_id);

-- Those of inbound webhooks keep their numbers, which people have in links.
INSERT INTO integration (id, user_id, scenario, title, comment, created)
    SELECT id, user_id, 'in-hook', title, comment, created FROM hook;
INSERT INTO integration (id, user_id, scenario, title, comment, created)
    SELECT id + (SELECT COALESCE(MAX(id), 0) FROM hook), user_id, 'out-hook', title, comment, created FROM outbound;
{postgres} DO $$ BEGIN PERFORM setval(pg_get_serial_sequence('integration', 'id'), COALESCE(MAX(id), 0) + 1, false) FROM integration; END $$;

ALTER TABLE hook ADD COLUMN integration_id {int} REFERENCES integration (id);
-- Networks from which it may be called, separated by commas; empty for everywhere.
ALTER TABLE hook ADD COLUMN networks {text} NOT NULL DEFAULT '';
ALTER TABLE hook ADD COLUMN read_only {text} NOT NULL DEFAULT 'N';
UPDATE hook SET integration_id = id;
CREATE UNIQUE INDEX hook_integration ON hook (integration_id);
DROP INDEX hook_user;
ALTER TABLE hook DROP COLUMN user_id;
ALTER TABLE hook DROP COLUMN title;
ALTER TABLE hook DROP COLUMN comment;
ALTER TABLE hook DROP COLUMN created;

ALTER TABLE outbound ADD COLUMN integration_id {int} REFERENCES integration (id);
UPDATE outbound SET integration_id = id + (SELECT COALESCE(MAX(id), 0) FROM hook);
CREATE UNIQUE INDEX outbound_integration ON outbound (integration_id);
DROP INDEX outbound_user;
ALTER TABLE outbound DROP COLUMN user_id;
ALTER TABLE outbound DROP COLUMN title;
ALTER TABLE outbound DROP COLUMN comment;
ALTER TABLE outbound DROP COLUMN created;
