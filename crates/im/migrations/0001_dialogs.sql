-- The chat of two people, and with 0 in place of the first that of a person's notifications. A row of its own, so that two
-- who open it at the same moment get the same one.
CREATE TABLE im_pair (
    low {int} NOT NULL,
    high {int} NOT NULL,
    chat_id {int} NOT NULL,
    PRIMARY KEY (low, high)
);

-- What people say of themselves: online, dnd, away or break, and since when they are idle.
CREATE TABLE im_status (
    user_id {int} NOT NULL PRIMARY KEY,
    status {text} NOT NULL,
    idle {int}
);

-- The dialogs that people chose in searches, the last ones first.
CREATE TABLE im_search_last (
    id {id},
    user_id {int} NOT NULL,
    dialog_id {text} NOT NULL
);

CREATE UNIQUE INDEX im_search_last_dialog ON im_search_last (user_id, dialog_id);
