//! The history of a task: who changed what when (`tasks.task.history.list`).

use engine::access::Act;
use engine::call::Call;
use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::entity::{Kind, Order};
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::moment;
use engine::noun::{self, Access, Asked, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use store::Param;
use wire::order::{self, Direction};
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::people::People;
use crate::task::{self, TASK, TASK_ID};

/// Entries of the history.
pub static HISTORY: Noun = Noun {
    access: Access::Through("taskId"),
    fields: &[
        ID,
        field("taskId", Kind::Noun("tasks.task"), "Task").indexed(),
        field("createdDate", Kind::DateTime, "Created"),
        field("userId", Kind::User, "User"),
        field("field", Kind::String, "Field"),
        field("fromValue", Kind::Text, "Before"),
        field("toValue", Kind::Text, "After"),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("tasks.history") }],
    ..noun("tasks.history", "tasks_history", SCOPE, ["entry of a history", "entries of histories"])
};

/// The lists by which histories are copied.
pub fn copying() -> Step {
    const TASKS: &[Put] = &[Put::named("taskId", "TASK_ID")];
    Step::new("tasks.task.history.list", Target::With(copied))
        .of_each(TASK.table, TASKS)
        .at(At::Under("list"))
        .paged(Paging::Whole)
}

fn copied(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        let (value, user) = (row.remove("value").unwrap_or_default(), row.remove("user").unwrap_or_default());
        let of = |of: &Value, name: &str| of.get(name).cloned().unwrap_or_default();
        row.insert("@fromValue", of(&value, "from"));
        row.insert("@toValue", of(&value, "to"));
        row.insert("@userId", of(&user, "id"));
        for (shown, own) in [("id", "ID"), ("createdDate", "@createdDate"), ("field", "@field")] {
            let value = row.remove(shown).unwrap_or_default();
            row.insert(own, value);
        }
    }
    copying.noun(&HISTORY, &HISTORY.faces[0], rows, &[])?;
    Ok(copying.tx.number_behind(HISTORY.table)?)
}

/// The fields of a task whose changes are written down.
const TOLD: [&str; 22] = [
    "title",
    "description",
    "status",
    "priority",
    "mark",
    "parentId",
    "groupId",
    "stageId",
    "createdBy",
    "responsibleId",
    "accomplices",
    "auditors",
    "deadline",
    "startDatePlan",
    "endDatePlan",
    "timeEstimate",
    "tags",
    "dependsOn",
    "ufTaskWebdavFiles",
    "taskControl",
    "allowTimeTracking",
    "allowChangeDeadline",
];

/// Writes down what a change of a task was.
pub fn write(call: &mut Call<'_, '_>, row: &Row, old: Option<&Row>) -> Result<()> {
    let Some(old) = old else { return note(call, row.number, "NEW", "", "") };
    for name in TOLD {
        if old.get(name) == row.get(name) {
            continue;
        }
        let (from, to) = (plain(old, name), plain(row, name));
        let code = TASK.field(name).map(noun::Field::upper_name).unwrap_or_default();
        if name == "status" {
            note(call, row.number, "REAL_STATUS", &from, &to)?;
        }
        note(call, row.number, &code, &from, &to)?;
    }
    Ok(())
}

/// A value as the history has it: lists between commas.
fn plain(row: &Row, name: &str) -> String {
    match row.get(name) {
        Param::Int(number) => number.to_string(),
        Param::Text(text)
            if text.starts_with('[') && TASK.field(name).is_some_and(|field| field.multiple) =>
        {
            let members: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
            let member = |member: &serde_json::Value| {
                member.as_str().map_or_else(|| member.to_string(), str::to_owned)
            };
            members.iter().map(member).collect::<Vec<_>>().join(",")
        }
        Param::Text(text) => text.to_string(),
        _ => String::new(),
    }
}

/// Writes one entry.
pub fn note(call: &mut Call<'_, '_>, task: i64, field: &str, from: &str, to: &str) -> Result<()> {
    let sql = "INSERT INTO tasks_history (task_id, created_date, user_id, field, from_value, to_value) \
               VALUES (?, ?, ?, ?, ?, ?)";
    let params = [
        task.into(),
        call.now.seconds().into(),
        call.caller.user_id.into(),
        field.into(),
        from.into(),
        to.into(),
    ];
    call.tx.execute(sql, &params)?;
    Ok(())
}

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("tasks.task.history.list", SCOPE, list)
            .own_words()
            .about("Lists what was changed in a task, by whom and when, 50 per page, the newest first.")
            .param(TASK_ID)
            .param(optional(
                "filter",
                method::Kind::Filter,
                "Conditions; FIELD selects the changes of one field",
            ))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .example(json!({"taskId": 1, "filter": {"FIELD": "NEW"}}), json!({"list": [{"field": "NEW"}]})),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task::task_id(call)?;
    if task::seen(call, id)?.is_none() {
        return match call.tx.one("SELECT id FROM tasks_task WHERE id = ?", &[id.into()], |row| row.int(0))? {
            Some(_) => Err(Fault::numbered(400, 0, "Access denied.").into()),
            None => Ok(Value::under("list", Vec::new())),
        };
    }
    let (mut condition, mut params) = ("t.task_id = ?".to_owned(), vec![Param::from(id)]);
    let fields: Vec<String> = match call.param("filter").and_then(|filter| filter.get("FIELD")) {
        Some(fields) => {
            fields.each().filter_map(Value::text).map(|field| field.to_ascii_uppercase()).collect()
        }
        None => Vec::new(),
    };
    if !fields.is_empty() {
        condition += &format!(" AND t.field IN ({})", store::placeholders(fields.len()));
        params.extend(fields.into_iter().map(Param::from));
    }
    let order = order::parse_lenient(call.param("order").unwrap_or(&Value::Null));
    let rises = order.first().is_some_and(|(_, direction)| *direction == Direction::Asc);
    let order = Order::default().by("t.id", if rises { "ASC" } else { "DESC" });
    let scope = HISTORY.grant(call, Act::Read)?;
    let asked = Asked { within: Some((condition, params)), order: Some(order), ..Asked::default() };
    let rows = noun::asked(call, &HISTORY, &scope, asked)?;
    let people = People::find(call, rows.iter().filter_map(|row| row.int("userId")))?;
    let one = |row: &Row| {
        let mut value = Map::with_capacity(2);
        value.push("from", row.text("fromValue"));
        value.push("to", row.text("toValue"));
        let mut shown = Map::with_capacity(5);
        shown.push("id", row.number);
        let created = row.int("createdDate").unwrap_or(0);
        shown.push("createdDate", moment::print(&call.caller.zone, created));
        shown.push("field", row.text("field"));
        shown.push("value", value);
        shown.push("user", people.signature(row.int("userId").unwrap_or(0)));
        Value::from(shown)
    };
    Ok(Value::under("list", rows.iter().map(one).collect::<Vec<_>>()))
}
