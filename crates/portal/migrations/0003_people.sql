-- People at the console: their sign-ins, the links that let them in the first time, what they decide about the
-- portal, and what is remembered of it.

-- Sign-ins tell more about themselves now. Those of before end: whoever has one signs in again.
DROP TABLE portal_session;

CREATE TABLE portal_session (
    id {id},
    lookup {blob} NOT NULL,
    user_id {int} NOT NULL REFERENCES portal_user (id),
    created {int} NOT NULL,
    seen {int} NOT NULL,
    expires {int} NOT NULL,
    address {text} NOT NULL,
    agent {text} NOT NULL
);

CREATE UNIQUE INDEX portal_session_lookup ON portal_session (lookup);
CREATE INDEX portal_session_user ON portal_session (user_id);

-- One-time links to choose a password; a user has one at most.
CREATE TABLE portal_welcome (
    user_id {int} NOT NULL PRIMARY KEY REFERENCES portal_user (id),
    lookup {blob} NOT NULL,
    expires {int} NOT NULL
);

CREATE UNIQUE INDEX portal_welcome_lookup ON portal_welcome (lookup);

-- What the console decides; a setting without a row has its usual value.
CREATE TABLE portal_setting (
    name {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL
);

-- user_id: who did it; NULL for the command line. No references: an entry outlives what it is about.
CREATE TABLE audit (
    id {id},
    at {int} NOT NULL,
    user_id {int},
    address {text} NOT NULL,
    action {text} NOT NULL,
    object {text} NOT NULL,
    detail {text} NOT NULL
);

CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX audit_action ON audit (action, id);
