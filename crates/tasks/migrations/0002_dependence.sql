-- Links of two tasks in a plan: 0 start and start, 1 start and finish, 2 finish and start, 3 finish and finish.
CREATE TABLE tasks_dependence (
    from_id {int} NOT NULL,
    to_id {int} NOT NULL,
    kind {int} NOT NULL,
    PRIMARY KEY (from_id, to_id)
);

CREATE INDEX tasks_dependence_to ON tasks_dependence (to_id);
