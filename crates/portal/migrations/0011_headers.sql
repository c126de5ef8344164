-- What a handler wants beside the form: headers, and a user with a password (one row, with the user). Values are sealed for
-- the owner of the webhook.

CREATE TABLE outbound_header (
    outbound_id {int} NOT NULL REFERENCES outbound (id),
    place {int} NOT NULL,
    name {text} NOT NULL,
    basic_user {text},
    value {blob} NOT NULL,
    PRIMARY KEY (outbound_id, place)
) {clustered};
