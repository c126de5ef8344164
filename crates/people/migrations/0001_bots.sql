-- Users that are programs: Y, or H for one that searches do not show; empty for people.
ALTER TABLE portal_user ADD COLUMN bot {text} NOT NULL DEFAULT '';
