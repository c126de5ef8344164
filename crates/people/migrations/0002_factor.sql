-- The second step of signing in to the console.

-- secret: sealed; it is shown once, when it is made. since: when its person proved to have it; NULL until then, and as long
-- nobody is asked for it. step: the last half minute whose code was used, by the machine's clock.
CREATE TABLE portal_totp (
    user_id {int} NOT NULL PRIMARY KEY REFERENCES portal_user (id),
    secret {blob} NOT NULL,
    since {int},
    step {int} NOT NULL
);

-- Codes for who lost the app, which work once: those that are left, as keyed hashes.
CREATE TABLE portal_recovery (
    id {id},
    lookup {blob} NOT NULL,
    user_id {int} NOT NULL REFERENCES portal_user (id)
);

CREATE UNIQUE INDEX portal_recovery_lookup ON portal_recovery (lookup);
CREATE INDEX portal_recovery_user ON portal_recovery (user_id);
