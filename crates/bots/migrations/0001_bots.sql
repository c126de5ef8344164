-- Programs that take part in chats. Each is a user of its number. lookup is the keyed hash of the secret that its owner sends with
-- every call; handlers says by JSON which kind of event is posted to which address.
CREATE TABLE im_bot (
    id {int} NOT NULL PRIMARY KEY,
    owner_id {int} NOT NULL,
    api {int} NOT NULL,
    code {text} NOT NULL,
    lookup {text} NOT NULL,
    kind {text} NOT NULL,
    openline {text} NOT NULL,
    hidden {text} NOT NULL,
    support {text} NOT NULL,
    reactions {text} NOT NULL,
    background {text},
    handlers {text} NOT NULL,
    created {int} NOT NULL
);

CREATE UNIQUE INDEX im_bot_code ON im_bot (lookup, code);

-- The handlers that events of a bot are delivered by, one for each address.
CREATE TABLE im_bot_handler (
    bot_id {int} NOT NULL,
    url {text} NOT NULL,
    handler_id {int} NOT NULL
);

CREATE INDEX im_bot_handler_bot ON im_bot_handler (bot_id);

CREATE TABLE im_bot_command (
    id {id},
    bot_id {int} NOT NULL,
    command {text} NOT NULL,
    common {text} NOT NULL,
    hidden {text} NOT NULL,
    extranet {text} NOT NULL,
    title {text} NOT NULL,
    params {text} NOT NULL,
    lang {text} NOT NULL,
    url {text} NOT NULL
);

CREATE UNIQUE INDEX im_bot_command_name ON im_bot_command (bot_id, command);

-- What waits to be fetched: by bots ("bot:5"), and by people who asked for it ("user:7").
CREATE TABLE im_event (
    id {id},
    queue {text} NOT NULL,
    type {text} NOT NULL,
    date {int} NOT NULL,
    data {text} NOT NULL
);

CREATE INDEX im_event_queue ON im_event (queue, id);
CREATE INDEX im_event_date ON im_event (date);

-- Whose events are kept to be fetched.
CREATE TABLE im_event_reader (
    user_id {int} NOT NULL PRIMARY KEY
);
