-- Somebody's tasks by the part that they have in them: the few that they help with or watch lie together.
CREATE INDEX tasks_member_part ON tasks_member (user_id, role, task_id);
DROP INDEX tasks_member_user;
