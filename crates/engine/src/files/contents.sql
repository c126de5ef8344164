-- Files leave the database: a row for each content, which lies in the store of contents under its key. A content that
-- no file names is loose since that second, and removed a day later.
CREATE TABLE portal_content (
    hash {text} NOT NULL PRIMARY KEY,
    size {int} NOT NULL,
    key {text} NOT NULL,
    loose {int}
);

CREATE UNIQUE INDEX portal_content_key ON portal_content (key);
ALTER TABLE portal_file ADD COLUMN hash {text} REFERENCES portal_content (hash);
ALTER TABLE portal_file ADD COLUMN content_type {text};
ALTER TABLE portal_file ADD COLUMN owner_id {int};
CREATE INDEX portal_file_hash ON portal_file (hash);
