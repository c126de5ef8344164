//! Tasks of templates, which the timetable makes when they are due.

use engine::call::Call;
use engine::error::Result;
use engine::moment::{self, Moment};
use engine::noun::{self, Row};
use engine::timetable::{Job, Next, Task};
use jiff::tz::TimeZone;
use serde_json::json;
use wire::{Map, Value};

use super::{TEMPLATE, rhythm};

/// Makes the tasks that are due by the template with the number that is its key.
pub const JOB: Job = Job { kind: "tasks.template", run: due, every: None };

/// Puts a template that was written on the timetable, or takes it off.
pub fn schedule(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let key = row.number.to_string();
    match next(row, &call.settings.zone, call.now.seconds()) {
        Some(due) => call.schedule(&JOB, &key, Moment(due * 1_000_000), ""),
        None => call.cancel(&JOB, &key).map(drop),
    }
}

/// When a template is due next after a moment.
pub fn next(row: &Row, zone: &TimeZone, after: i64) -> Option<i64> {
    let params = row.json("replicateParams");
    let made = row.int("tparamReplicationCount").unwrap_or(0);
    let repeats = row.text("replicate") == "Y" && params.is_object();
    repeats.then(|| rhythm::next(zone, &params, made, after)).flatten()
}

/// Runs in the name of the creator, through the methods that the creator has.
fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    let id: i64 = task.key.parse().unwrap_or(0);
    let sql = "SELECT created_by FROM tasks_template WHERE id = ? AND replicate = 'Y'";
    let Some(creator) = task.tx.one(sql, &[id.into()], |row| Ok(row.opt_int(0)?.unwrap_or(1)))? else {
        return Ok(Next::Done);
    };
    task.act_as((creator, false), "tasks.template.make", engine::method::params(&json!({"templateId": id})))?;
    Ok(Next::Done)
}

/// Makes the tasks of a template: one for each responsible person when it is for several people. Gives their numbers.
pub fn make(call: &mut Call<'_, '_>, template: &Row) -> Result<Vec<i64>> {
    let mut people = crate::task::rights::ids(template, "responsibles");
    people.sort_unstable();
    people.dedup();
    if template.text("multitask") != "Y" || people.is_empty() {
        people = template.int("responsibleId").into_iter().collect();
    }
    let mut made = Vec::with_capacity(people.len());
    for responsible in people {
        made.push(one(call, template, responsible)?);
    }
    let count = template.int("tparamReplicationCount").unwrap_or(0) + 1;
    let fields = [("TPARAM_REPLICATION_COUNT".into(), Value::Int(count))].into_iter().collect();
    noun::amend(call, &TEMPLATE, &super::FACE, template.number, &fields)?;
    Ok(made)
}

/// What a task has of its template as it is.
const SAME: [(&str, &str); 12] = [
    ("TITLE", "title"),
    ("DESCRIPTION", "description"),
    ("PRIORITY", "priority"),
    ("GROUP_ID", "groupId"),
    ("STAGE_ID", "stageId"),
    ("PARENT_ID", "parentId"),
    ("XML_ID", "xmlId"),
    ("ALLOW_CHANGE_DEADLINE", "allowChangeDeadline"),
    ("ALLOW_TIME_TRACKING", "allowTimeTracking"),
    ("TASK_CONTROL", "taskControl"),
    ("ADD_IN_REPORT", "addInReport"),
    ("MATCH_WORK_TIME", "matchWorkTime"),
];

fn one(call: &mut Call<'_, '_>, template: &Row, responsible: i64) -> Result<i64> {
    let mut fields = Map::new();
    for (code, name) in SAME {
        match template.int(name) {
            Some(number) => fields.push(code, number),
            None if !template.text(name).is_empty() => fields.push(code, template.text(name)),
            None => {}
        }
    }
    for (code, name) in [
        ("ACCOMPLICES", "accomplices"),
        ("AUDITORS", "auditors"),
        ("TAGS", "tags"),
        ("UF_CRM_TASK", "ufCrmTask"),
    ] {
        fields.push(code, Value::from(template.json(name)));
    }
    fields.push("RESPONSIBLE_ID", responsible);
    fields.push("FORKED_BY_TEMPLATE_ID", template.number);
    let now = call.now.seconds();
    for (code, name) in [
        ("DEADLINE", "deadlineAfter"),
        ("START_DATE_PLAN", "startDatePlanAfter"),
        ("END_DATE_PLAN", "endDatePlanAfter"),
    ] {
        if let Some(after) = template.int(name).filter(|after| *after > 0) {
            fields.push(code, moment::print(&call.caller.zone, now.saturating_add(after)));
        }
    }
    let files = crate::files::named_again(call, crate::files::TEMPLATES, template.number)?;
    if !files.is_empty() {
        fields.push("UF_TASK_WEBDAV_FILES", files.into_iter().map(Value::from).collect::<Vec<_>>());
    }
    let task = noun::add(call, &crate::task::TASK, &crate::task::UPPER, &fields)?.number;
    super::checklist::copy(call, template.number, task)?;
    Ok(task)
}
