-- The end of an overlap of secrets is an entry of the timetable; see outbound::overlap.
INSERT INTO job (kind, name, due, payload, tries)
SELECT 'webhooks.overlap', CAST(id AS TEXT), old_until * 1000000, '', 0 FROM outbound WHERE old_until IS NOT NULL;
