//! Tasks: a thousand for each of the people, half of them in workgroups of a thousand, one in five open.

use serde_json::{Value, json};

use super::answer;
use super::database::{PEOPLE, counts, people, series};
use super::part::{Bar, Hooks, Part, Question, Who, ask};

/// The number under which tasks are counted.
const COUNTED: i64 = -1_000_000_000;

pub(super) const PART: Part = Part {
    name: "tasks",
    rows: "tasks",
    first,
    multiply: |from, to, rows| {
        vec![
            tasks(from, to, rows),
            members(from, to, "R", "responsible_id"),
            members(from, to, "O", "created_by"),
        ]
    },
    complete: |rows| {
        vec![people(rows), groups(rows), group_members(), counts(rows, "tasks_task", &[COUNTED])]
    },
    tables: &["tasks_task", "sonet_group", "sonet_group_member", "portal_user"],
    questions,
};

/// Ann's group, and the stages that it and her plan get when they are first asked for.
fn first(hooks: &Hooks) -> Result<(), String> {
    answer(&hooks.admin, "sonet_group.create", &json!({"NAME": "Project", "VISIBLE": "Y", "OPENED": "Y"}))?;
    let fields = json!({"TITLE": "Task 0", "RESPONSIBLE_ID": 1, "GROUP_ID": 1, "DEADLINE": "2027-01-01T10:00:00+00:00"});
    answer(&hooks.admin, "tasks.task.add", &json!({"fields": fields}))?;
    answer(&hooks.admin, "task.stages.get", &json!({"entityId": 1}))?;
    answer(&hooks.ann, "task.stages.get", &json!({"entityId": 0})).map(drop)
}

fn tasks(from: u64, to: u64, rows: u64) -> String {
    let same = "priority, multitask, replicate, guid, allow_change_deadline, allow_time_tracking, task_control, add_in_report, \
                time_estimate, match_work_time, site_id, outlook_version, description_in_bbcode, duration_type, changed_by";
    let (people, groups) = (rows / PEOPLE, rows / PEOPLE);
    format!(
        "INSERT INTO tasks_task (id, title, stage_id, responsible_id, created_by, group_id, status, created_date, changed_date, \
         activity_date, status_changed_date, deadline, {same}) {} \
         SELECT n, 'Task ' || n, CASE n % 2 WHEN 0 THEN (n / 7) % 4 ELSE 0 END, 1 + n % {people}, 1 + (n / 7) % {people}, \
         CASE n % 2 WHEN 0 THEN 1 + (n / 2) % {groups} END, CASE (n / {people}) % 10 WHEN 0 THEN 2 WHEN 1 THEN 3 ELSE 5 END, \
         created_date + n, changed_date + n, activity_date + n, status_changed_date + n, deadline + n * 60, {same} \
         FROM s CROSS JOIN (SELECT * FROM tasks_task WHERE id = 1) t",
        series(from, to)
    )
}

fn members(from: u64, to: u64, role: &str, column: &str) -> String {
    format!(
        "INSERT INTO tasks_member (task_id, user_id, role) SELECT id, {column}, '{role}' FROM tasks_task WHERE id >= {from} AND id <= {to}"
    )
}

fn groups(rows: u64) -> String {
    let same = "site_id, date_create, date_update, active, visible, opened, closed, subject_id, owner_id, number_of_members, \
                date_activity, is_extranet, initiate_perms, project, number_of_moderators";
    format!(
        "INSERT INTO sonet_group (id, name, {same}) {} SELECT n, 'Project ' || n, {same} \
         FROM s CROSS JOIN (SELECT * FROM sonet_group WHERE id = 1) t",
        series(2, rows / PEOPLE)
    )
}

/// Ann belongs to five groups.
fn group_members() -> String {
    format!(
        "INSERT INTO sonet_group_member (group_id, user_id, role, initiated_by_type, initiated_by, date_create, date_update) {} \
         SELECT n, 2, 'K', 'G', 1, date_create, date_update FROM s CROSS JOIN (SELECT * FROM sonet_group_member WHERE group_id = 1) t",
        series(1, 5)
    )
}

const SHOWN: [&str; 9] =
    ["ID", "TITLE", "STATUS", "DEADLINE", "RESPONSIBLE_ID", "CREATED_BY", "GROUP_ID", "PRIORITY", "STAGE_ID"];

#[expect(clippy::needless_pass_by_value, reason = "what `json!` makes is given away")]
fn list(filter: Value, order: Value) -> Value {
    json!({"filter": filter, "order": order, "select": SHOWN})
}

fn person(id: u64, rows: u64) -> u64 {
    1 + id % (rows / PEOPLE)
}

fn questions() -> Vec<Question> {
    const LIST: &str = "tasks.task.list";
    let both = |name: [&'static str; 2], params: fn(u64, u64) -> Value| {
        [ask(name[0], LIST, params), ask(name[1], LIST, params).by(Who::Ann)]
    };
    let mut all = vec![ask("task: get", "tasks.task.get", |id, _| json!({"taskId": id}))];
    all.extend([
        ask(
            "task: get, by Ann",
            "tasks.task.get",
            |id, rows| json!({"taskId": 1 + id / (rows / PEOPLE) * (rows / PEOPLE) % rows}),
        )
        .by(Who::Ann),
        ask("task: list by RESPONSIBLE_ID, with total", LIST, |id, rows| {
            list(json!({"RESPONSIBLE_ID": person(id, rows)}), json!({"ID": "DESC"}))
        }),
        ask("task: open ones of a person by DEADLINE", LIST, |id, rows| {
            list(json!({"RESPONSIBLE_ID": person(id, rows), "!REAL_STATUS": [5]}), json!({"DEADLINE": "ASC"}))
        }),
        ask("task: list by MEMBER, with total", LIST, |id, rows| {
            list(json!({"MEMBER": person(id, rows)}), json!({"ACTIVITY_DATE": "DESC"}))
        }),
        ask(
            "task: list by REAL_STATUS, newest first",
            LIST,
            |_, _| json!({"filter": {"REAL_STATUS": 3}, "order": {"ID": "DESC"}, "start": -1}),
        ),
        ask(
            "task: changed since, in order",
            LIST,
            |id, rows| json!({"filter": {">ID": rows / 2 + id / 3}, "order": {"ID": "ASC"}, "start": -1}),
        ),
    ]);
    all.extend(both(["task: newest first, with total", "task: newest first, with total, by Ann"], |_, _| {
        list(json!({}), json!({"ID": "DESC"}))
    }));
    all.extend(both(["task: last active, with total", "task: last active, with total, by Ann"], |_, _| {
        list(json!({}), json!({"ACTIVITY_DATE": "DESC"}))
    }));
    all.extend(both(
        ["task: list by GROUP_ID, with total", "task: list by GROUP_ID, with total, by Ann"],
        |id, _| list(json!({"GROUP_ID": 1 + id % 5}), json!({"ID": "DESC"})),
    ));
    all.extend(both(["task: first column of a board", "task: first column of a board, by Ann"], |_, _| {
        list(json!({"GROUP_ID": 1, "STAGE_ID": ["0", "1"]}), json!({"SORTING": "ASC"}))
    }));
    all.extend([
        ask("task: second column of a board", LIST, |_, _| {
            list(json!({"GROUP_ID": 1, "STAGE_ID": "2"}), json!({"SORTING": "ASC"}))
        }),
        ask("task: first column of a plan", LIST, |_, _| {
            list(json!({"STAGE_ID": "4", "!REAL_STATUS": ["5"]}), json!({"DEADLINE": "ASC"}))
        })
        .by(Who::Ann),
        ask(
            "task: page at 90 % of all, with total",
            LIST,
            |_, rows| json!({"order": {"ID": "ASC"}, "select": SHOWN, "start": rows * 9 / 10}),
        )
        .bar(Bar::Shown),
        ask("task: list by a part of TITLE", LIST, |_, rows| {
            list(json!({"%TITLE": format!("k {}", rows / 2)}), json!({}))
        })
        .bar(Bar::Shown),
        ask("task: counters of Ann", "tasks.task.counters.get", |_, _| json!({"userId": 2})).by(Who::Ann),
        ask(
            "task: add",
            "tasks.task.add",
            |id, rows| json!({"fields": {"TITLE": "New", "RESPONSIBLE_ID": person(id, rows), "GROUP_ID": 1}}),
        )
        .bar(Bar::Write),
        ask(
            "task: update",
            "tasks.task.update",
            |id, _| json!({"taskId": id, "fields": {"TITLE": "Changed"}}),
        )
        .bar(Bar::Write),
    ]);
    all
}
