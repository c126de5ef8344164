-- What people see of deliveries and do to them.

-- The headers of an answer, one in each line, with secrets masked.
ALTER TABLE delivery_attempt ADD COLUMN headers {text} NOT NULL DEFAULT '';

-- 1: a person cancelled it while it waited. Its state is 3, as of what was given up, whose indexes it shares.
ALTER TABLE delivery ADD COLUMN cancelled {int} NOT NULL DEFAULT 0;

-- What people did to deliveries. action: 0 sent again, 1 cancelled, 2 sent once to another address.
CREATE TABLE delivery_action (
    delivery_id {int} NOT NULL,
    -- Microseconds.
    at {int} NOT NULL,
    action {int} NOT NULL,
    -- Empty for the command line.
    user_id {int},
    -- Of what went to another address: its host, whether the webhook's secrets went along, and the answer.
    host {text},
    with_secrets {int},
    status {int},
    error {text},
    PRIMARY KEY (delivery_id, at, action)
) {clustered};
