//! What requests of REST 3.0 give for a task, as the noun takes it.

use engine::call::Call;
use engine::error::Result;
use engine::input::yes_no;
use engine::moment;
use engine::noun::Row;
use wire::{Map, Value, exception};

use crate::task::family;

/// Properties with the fields that they are.
const FIELDS: [(&str, &str); 25] = [
    ("title", "TITLE"),
    ("description", "DESCRIPTION"),
    ("creatorId", "CREATED_BY"),
    ("responsibleId", "RESPONSIBLE_ID"),
    ("deadline", "DEADLINE"),
    ("needsControl", "TASK_CONTROL"),
    ("startPlan", "START_DATE_PLAN"),
    ("endPlan", "END_DATE_PLAN"),
    ("groupId", "GROUP_ID"),
    ("stageId", "STAGE_ID"),
    ("accomplices", "ACCOMPLICES"),
    ("auditors", "AUDITORS"),
    ("parentId", "PARENT_ID"),
    ("plannedDuration", "DURATION_PLAN"),
    ("durationType", "DURATION_TYPE"),
    ("estimatedTime", "TIME_ESTIMATE"),
    ("xmlId", "XML_ID"),
    ("allowsChangeDeadline", "ALLOW_CHANGE_DEADLINE"),
    ("allowsTimeTracking", "ALLOW_TIME_TRACKING"),
    ("matchesWorkTime", "MATCH_WORK_TIME"),
    ("addInReport", "ADD_IN_REPORT"),
    ("isMultitask", "MULTITASK"),
    ("crmItemIds", "UF_CRM_TASK"),
    ("tags", "TAGS"),
    ("dependsOn", "DEPENDS_ON"),
];

/// Priorities with their names.
pub const PRIORITIES: [(i64, &str); 3] = [(0, "low"), (1, "average"), (2, "high")];
/// States with their names.
pub const STATES: [(i64, &str); 6] = [
    (2, "pending"),
    (3, "in_progress"),
    (4, "supposedly_completed"),
    (5, "completed"),
    (6, "deferred"),
    (7, "declined"),
];
/// Ratings with their names.
pub const MARKS: [(&str, &str); 3] = [("P", "positive"), ("N", "negative"), ("", "none")];
/// Parameters of tasks with the properties that say them.
pub const PARAMETERS: [(&str, &str); 3] = [
    (family::DEADLINE, "matchesSubTasksTime"),
    (family::COMPLETION, "autocompleteSubTasks"),
    (family::RESULT, "requireResult"),
];

/// The values of a request, by the fields of tasks; `old` is the task before.
///
/// # Errors
/// Validation exceptions
pub fn values(call: &Call<'_, '_>, old: Option<&Row>) -> Result<Map> {
    let given = call.fields("fields");
    let mut values = Map::with_capacity(given.len() + 1);
    let mut parameters = Vec::new();
    for (name, value) in given {
        if let Some((_, field)) = FIELDS.iter().find(|(property, _)| *property == name) {
            values.push(*field, plain(call, &name, value)?);
        } else if let Some((code, _)) = PARAMETERS.iter().find(|(_, property)| *property == name) {
            parameters.push((*code, value == Value::Bool(true)));
        } else {
            let (field, value) = coded(&name, &value)?;
            values.push(field, value);
        }
    }
    if !parameters.is_empty() {
        // All of them are given together, those that stay as they are among them.
        let given = |code: &str| parameters.iter().find(|(one, _)| *one == code).map(|(_, on)| *on);
        let one = |(code, _): (&str, &str)| {
            let on = given(code).or_else(|| old.map(|old| family::has(old, code))).unwrap_or(false);
            Value::from(Map::from([("CODE", Value::from(code)), ("VALUE", yes_no(on).into())]))
        };
        values.push("SE_PARAMETER", PARAMETERS.into_iter().map(one).collect::<Vec<_>>());
    }
    Ok(values)
}

fn plain(call: &Call<'_, '_>, name: &str, value: Value) -> Result<Value> {
    Ok(match value {
        Value::Bool(on) => yes_no(on).into(),
        Value::Null => "".into(),
        // People come as numbers or as objects.
        Value::List(list) => {
            let one = |value: Value| value.get("id").cloned().unwrap_or(value);
            list.into_iter().map(one).collect::<Vec<_>>().into()
        }
        Value::Str(text) if ["deadline", "startPlan", "endPlan"].contains(&name) && !text.is_empty() => {
            let read = call.clock().read(&Value::Str(text));
            let second =
                read.ok_or_else(|| exception::request(vec![exception::mistyped(name, "DateTime")]))?;
            moment::print(&call.caller.zone, second).into()
        }
        other => other,
    })
}

/// A property that has words where the field has codes.
fn coded(name: &str, value: &Value) -> Result<(&'static str, Value)> {
    let word = value.as_str().unwrap_or_default();
    let wrong = || exception::of_field(name, format!("Invalid value of field `{name}`"));
    let number = |codes: &[(i64, &str)]| codes.iter().find(|(_, name)| *name == word).map(|(code, _)| *code);
    Ok(match name {
        "priority" => ("PRIORITY", number(&PRIORITIES).ok_or_else(wrong)?.into()),
        "status" => ("STATUS", number(&STATES).filter(|state| *state < 7).ok_or_else(wrong)?.into()),
        "mark" => {
            let found =
                MARKS.iter().find(|(code, name)| *name == word || (!code.is_empty() && *code == word));
            (
                "MARK",
                found.map(|(code, _)| *code).or(value.is_empty().then_some("")).ok_or_else(wrong)?.into(),
            )
        }
        "fileIds" => {
            let named = |file: &Value| file.as_int().map(|id| Value::from(format!("n{id}")));
            let files: Option<Vec<Value>> = value.items().map(named).collect();
            ("UF_TASK_WEBDAV_FILES", files.ok_or_else(wrong)?.into())
        }
        _ => return Err(wrong().into()),
    })
}
