-- Who has a part in which task: O the creator, R the responsible, A an accomplice, U an auditor. This, the tags and the
-- links to the CRM follow from the tasks, which have them as lists; here they are found by.
CREATE TABLE tasks_member (
    task_id {int} NOT NULL,
    user_id {int} NOT NULL,
    role {text} NOT NULL,
    PRIMARY KEY (task_id, user_id, role)
);

CREATE INDEX tasks_member_user ON tasks_member (user_id, task_id, role);

CREATE TABLE tasks_tag (
    id {id},
    name {text} NOT NULL
);

CREATE UNIQUE INDEX tasks_tag_name ON tasks_tag (name);

CREATE TABLE tasks_tagged (
    task_id {int} NOT NULL,
    tag_id {int} NOT NULL,
    PRIMARY KEY (task_id, tag_id)
);

CREATE INDEX tasks_tagged_tag ON tasks_tagged (tag_id, task_id);

CREATE TABLE tasks_crm (
    task_id {int} NOT NULL,
    code {text} NOT NULL,
    PRIMARY KEY (task_id, code)
);

CREATE INDEX tasks_crm_code ON tasks_crm (code, task_id);

-- What somebody noted about a task for themselves; a moment, where there is one.
CREATE TABLE tasks_mark (
    user_id {int} NOT NULL,
    task_id {int} NOT NULL,
    kind {text} NOT NULL,
    moment {int} NOT NULL,
    PRIMARY KEY (user_id, kind, task_id)
);

CREATE INDEX tasks_mark_task ON tasks_mark (task_id);
