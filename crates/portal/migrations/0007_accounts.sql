-- How people got in, and what they may see of the time before.

-- The administrator who made the link; NULL for the command line and for the server itself.
ALTER TABLE portal_welcome ADD COLUMN made_by {int};

-- The administrator with whose link the owner's password was set after the secret was made: it is not shown any
-- more. NULL while it may be shown.
ALTER TABLE hook ADD COLUMN hidden_by {int};
ALTER TABLE outbound ADD COLUMN hidden_by {int};

-- Browsers in which somebody signed in before.
CREATE TABLE portal_device (
    id {id},
    lookup {blob} NOT NULL,
    user_id {int} NOT NULL REFERENCES portal_user (id),
    created {int} NOT NULL
);

CREATE UNIQUE INDEX portal_device_lookup ON portal_device (lookup);
CREATE INDEX portal_device_user ON portal_device (user_id);
