-- Where tasks stand on boards: the stage, and the place among the neighbours there. On boards of workgroups the stage is the
-- task's own, and this has its place only.
CREATE TABLE tasks_place (
    task_id {int} NOT NULL,
    entity_type {text} NOT NULL,
    entity_id {int} NOT NULL,
    stage_id {int} NOT NULL,
    sort {real} NOT NULL,
    PRIMARY KEY (task_id, entity_type, entity_id)
);

CREATE INDEX tasks_place_stage ON tasks_place (stage_id, sort);
CREATE INDEX tasks_place_board ON tasks_place (entity_type, entity_id, task_id);
