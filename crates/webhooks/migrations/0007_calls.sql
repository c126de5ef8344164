-- The log of calls: what came through the door, refused or not. See webhooks::calls. It is searched from its newest row down and
-- bounded, so it has no further indexes, which each call would pay for.
CREATE TABLE call_log (
    id {id},
    -- On the portal's clock, microseconds; and microseconds until it was answered.
    at {int} NOT NULL,
    took {int} NOT NULL,
    -- 0 where the webhook was not recognised.
    hook_id {int} NOT NULL,
    integration_id {int} NOT NULL,
    user_id {int} NOT NULL,
    address {text} NOT NULL,
    -- Of the protocol: 2 or 3.
    version {int} NOT NULL,
    -- Empty where the path names none, since what it has instead may be a secret.
    method {text} NOT NULL,
    -- JSON, with secrets masked and long values cut.
    params {text} NOT NULL,
    status {int} NOT NULL,
    -- Code and words of a refusal; the code of success is NULL, since an empty one exists.
    error {text},
    message {text} NOT NULL,
    -- Of a batch, the codes of the commands that failed: {"name": "code"}.
    failed {text} NOT NULL,
    -- Bytes of the answer.
    size {int} NOT NULL,
    -- Numbers of the deliveries that it caused, with commas.
    deliveries {text} NOT NULL
);
