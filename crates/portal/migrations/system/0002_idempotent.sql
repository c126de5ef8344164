-- What calls with an Idempotency-Key answered; see portal::idempotent.
CREATE TABLE idempotent (
    id {id},
    hook_id {int} NOT NULL,
    user_id {int} NOT NULL,
    method {text} NOT NULL,
    mark {text} NOT NULL,
    digest {text} NOT NULL,
    answer {text},
    total {int},
    next {int},
    at {int} NOT NULL
);
CREATE UNIQUE INDEX idempotent_mark ON idempotent (hook_id, user_id, method, mark);
CREATE INDEX idempotent_at ON idempotent (at);
