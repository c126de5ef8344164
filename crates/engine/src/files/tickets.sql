-- Calls whose content is still to come, under a link that works once.
CREATE TABLE portal_ticket (
    id {id},
    -- What the link has to say beside the number.
    mark {text} NOT NULL,
    user_id {int} NOT NULL,
    -- The webhook; 0 for a person in the console.
    hook_id {int} NOT NULL,
    method {text} NOT NULL,
    -- As JSON.
    params {text} NOT NULL,
    expires {int} NOT NULL
);

CREATE INDEX portal_ticket_expires ON portal_ticket (expires);
