//! `task.checklistitem.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use serde_json::json;
use wire::order::{self, Direction};
use wire::{Fault, Map, Value};

use super::tree::{self, Tree};
use super::{ITEM, show};
use crate::files;
use crate::positional::{self, Arg, Family, Step, Takes, arg, failed, not_allowed, not_found};
use crate::task::{self, rights, stand};

const READABLE: [&str; 12] = [
    "ID",
    "TASK_ID",
    "PARENT_ID",
    "CREATED_BY",
    "TITLE",
    "SORT_INDEX",
    "IS_COMPLETE",
    "IS_IMPORTANT",
    "TOGGLED_BY",
    "TOGGLED_DATE",
    "MEMBERS",
    "ATTACHMENTS",
];

/// The field in which requests name files, `n428` by the file of the disk and `17` by the attachment that is there.
const FILES: &str = "UF_CHECKLIST_FILES";

const FIELDS: Arg = arg("FIELDS", "arFields", Takes::Fields, "Values by field");

/// The family.
pub static FAMILY: Family = Family {
    path: "task.checklistitem",
    class: "ctaskchecklistitem",
    manifest: &[
        ("Manifest version", "2.0"),
        ("Warning", "don't rely on format of this manifest, it can be changed without any notification"),
    ],
    writable: &["PARENT_ID", "TITLE", "SORT_INDEX", "IS_COMPLETE", "IS_IMPORTANT", "MEMBERS"],
    unlisted: &[FILES],
    readable: &READABLE,
    sortable: &[
        "ID",
        "PARENT_ID",
        "CREATED_BY",
        "TITLE",
        "SORT_INDEX",
        "IS_COMPLETE",
        "IS_IMPORTANT",
        "TOGGLED_BY",
        "TOGGLED_DATE",
    ],
    filterable: &[],
    dates: &["TOGGLED_DATE"],
    steps: &[
        Step {
            name: "add",
            about: "Adds an item to a checklist of a task, or a checklist, and returns its ID.",
            writes: true,
            args: &[positional::TASK, FIELDS],
            mandatory: 2,
            run: add,
            example: || {
                (json!({"TASKID": 1, "FIELDS": {"TITLE": "Measure the room", "PARENT_ID": 1}}), json!("*"))
            },
        },
        Step {
            name: "update",
            about: "Updates the given fields of a checklist item.",
            writes: true,
            args: &[positional::TASK, positional::ITEM, FIELDS],
            mandatory: 3,
            run: update,
            example: || (json!({"TASKID": 1, "ITEMID": 2, "FIELDS": {"IS_IMPORTANT": "Y"}}), json!(null)),
        },
        Step {
            name: "delete",
            about: "Deletes a checklist item with all below it.",
            writes: true,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: delete,
            example: || (json!({"TASKID": 1, "ITEMID": 2}), json!(true)),
        },
        Step {
            name: "complete",
            about: "Marks a checklist item as done.",
            writes: true,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: |call| toggle(call, true),
            example: || (json!({"TASKID": 1, "ITEMID": 2}), json!(true)),
        },
        Step {
            name: "renew",
            about: "Marks a checklist item as not done.",
            writes: true,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: |call| toggle(call, false),
            example: || (json!({"TASKID": 1, "ITEMID": 2}), json!(true)),
        },
        Step {
            name: "moveafteritem",
            about: "Puts a checklist item behind another.",
            writes: true,
            args: &[
                positional::TASK,
                positional::ITEM,
                arg("AFTERITEMID", "afterItemId", Takes::Int, "ID of the item behind which it goes"),
            ],
            mandatory: 3,
            run: place,
            example: || (json!({"TASKID": 1, "ITEMID": 2, "AFTERITEMID": 3}), json!(null)),
        },
        Step {
            name: "get",
            about: "Returns a checklist item.",
            writes: false,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: get,
            example: || {
                (json!({"TASKID": 1, "ITEMID": 2}), json!({"ID": "2", "TASK_ID": "1", "IS_COMPLETE": "*"}))
            },
        },
        Step {
            name: "getlist",
            about: "Lists all checklists of a task with their items.",
            writes: false,
            args: &[positional::TASK, arg("ORDER", "arOrder", Takes::Order, "ASC or DESC by field")],
            mandatory: 1,
            run: list,
            example: || (json!({"TASKID": 1, "ORDER": {"ID": "asc"}}), json!("*")),
        },
        Step {
            name: "isactionallowed",
            about: "Tells whether the user may do something with a checklist item.",
            writes: false,
            args: &[
                positional::TASK,
                positional::ITEM,
                arg("ACTIONID", "actionId", Takes::Int, "1 add, 2 change, 3 delete, 4 mark as done, 5 move"),
            ],
            mandatory: 3,
            run: is_allowed,
            example: || (json!({"TASKID": 1, "ITEMID": 2, "ACTIONID": 2}), json!(true)),
        },
    ],
};

/// The checklists of a task.
pub fn tree_of(task: i64) -> Tree {
    Tree { noun: &ITEM, link: "taskId", owner: task }
}

/// The task that a call names, with whether the caller may change its checklists.
fn owner(call: &mut Call<'_, '_>) -> Result<Option<(Row, bool)>> {
    let id = call.id("TASKID");
    let Some(task) = task::seen(call, id)? else { return Ok(None) };
    let may = stand(call, &task)?.may("checklist.add");
    Ok(Some((task, may)))
}

/// The same, when the caller may.
fn writable(call: &mut Call<'_, '_>, refusal: Fault) -> Result<Row> {
    match owner(call)? {
        Some((task, true)) => Ok(task),
        _ => Err(refusal.into()),
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = writable(call, failed("Adding item: action not allowed"))?;
    let fields = positional::members(call, "FIELDS");
    let title = fields.get("TITLE").and_then(Value::text).unwrap_or_default();
    if title.trim().is_empty() {
        return Err(failed("Item name not specified").into());
    }
    let item = tree_of(task.number).add(call, &fields)?;
    let item = item.ok_or_else(|| failed("Adding item: action not allowed"))?;
    attach(call, item.number, &fields)?;
    changed(call, &task, Some(&item))?;
    Ok(Value::Int(item.number))
}

/// Attaches the files that a request names, if it names any, in place of those that were attached.
fn attach(call: &mut Call<'_, '_>, item: i64, fields: &Map) -> Result<()> {
    match fields.get(FILES) {
        Some(given) => files::replace(call, files::TASK_ITEMS, item, given).map(drop),
        None => Ok(()),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = writable(call, not_allowed("No access to edit the task"))?;
    let (tree, fields) = (tree_of(task.number), positional::members(call, "FIELDS"));
    let id = call.id("ITEMID");
    let Some(item) = tree.item(call, id)? else {
        let title = fields.get("TITLE").and_then(Value::text).unwrap_or_default().into_owned();
        return Err(failed(&format!(
            "Incorrect value [] specified for field [ENTITY_ID] in item [, {title}]"
        ))
        .into());
    };
    let item = tree.update(call, &item, &fields)?;
    attach(call, item.number, &fields)?;
    changed(call, &task, Some(&item))?;
    Ok(Value::Null)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let refusal = || failed("Deleting item: action not allowed");
    let task = writable(call, refusal())?;
    let (tree, id) = (tree_of(task.number), call.id("ITEMID"));
    let item = tree.item(call, id)?.ok_or_else(refusal)?;
    tree.delete(call, &item)?;
    changed(call, &task, None)?;
    Ok(true.into())
}

/// The item alone counts here: the task need not be its own.
fn toggle(call: &mut Call<'_, '_>, complete: bool) -> Result<Value> {
    let (id, scope) = (call.id("ITEMID"), ITEM.grant(call, Act::Read)?);
    let Some(item) = noun::one(call, &ITEM, &scope, id)? else { return Ok(false.into()) };
    let owner = item.int("taskId").unwrap_or(0);
    let Some(task) = task::seen(call, owner)? else { return Ok(false.into()) };
    if !stand(call, &task)?.may("checklist.add") {
        return Ok(false.into());
    }
    if (item.text("isComplete") == "Y") != complete {
        tree_of(owner).toggle(call, &item, complete)?;
        changed(call, &task, None)?;
    }
    Ok(true.into())
}

fn place(call: &mut Call<'_, '_>) -> Result<Value> {
    let refusal = || failed("Moving item: action not allowed");
    let task = writable(call, refusal())?;
    let (tree, id, after) = (tree_of(task.number), call.id("ITEMID"), call.id("AFTERITEMID"));
    let (item, after) = (tree.item(call, id)?, tree.item(call, after)?);
    let (item, after) = item.zip(after).ok_or_else(refusal)?;
    tree.place(call, &item, &after, true)?;
    changed(call, &task, None)?;
    Ok(Value::Null)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, id) = (call.id("TASKID"), call.id("ITEMID"));
    let item = tree_of(task).item(call, id)?;
    let item = item.ok_or_else(|| not_found("Check listitem not found or not accessible"))?;
    Ok(show::flat(call, &[item])?.pop().unwrap_or_default().into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some((task, _)) = owner(call)? else { return Err(failed("Action failed").into()) };
    let mut items = tree_of(task.number).items(call)?;
    items.sort_by_key(|item| std::cmp::Reverse(item.number));
    let order = order::parse_lenient(call.param("ORDER").unwrap_or(&Value::Null));
    for (name, direction) in order.into_iter().rev() {
        let name = name.to_ascii_uppercase();
        let key = |item: &Row| match name.as_str() {
            "TITLE" => (0, item.text("title").to_owned()),
            "IS_COMPLETE" => (0, item.text("isComplete").to_owned()),
            "IS_IMPORTANT" => (0, item.text("isImportant").to_owned()),
            "PARENT_ID" => (item.int("parentId").unwrap_or(0), String::new()),
            "CREATED_BY" => (item.int("createdBy").unwrap_or(0), String::new()),
            "SORT_INDEX" => (item.int("sortIndex").unwrap_or(0), String::new()),
            "TOGGLED_BY" => (item.int("toggledBy").unwrap_or(0), String::new()),
            "TOGGLED_DATE" => (item.int("toggledDate").unwrap_or(0), String::new()),
            _ => (item.number, String::new()),
        };
        match direction {
            Direction::Asc => items.sort_by_key(key),
            Direction::Desc => items.sort_by_key(|item| std::cmp::Reverse(key(item))),
        }
    }
    let shown = show::flat(call, &items)?;
    Ok(shown.into_iter().map(Value::from).collect::<Vec<_>>().into())
}

fn is_allowed(call: &mut Call<'_, '_>) -> Result<Value> {
    let (action, id) = (call.id("ACTIONID"), call.id("ITEMID"));
    let Some((task, may)) = owner(call)? else { return Ok(false.into()) };
    let there = tree_of(task.number).item(call, id)?.is_some();
    Ok((may && there && (1..=5).contains(&action)).into())
}

/// Follows a change of a task's checklists: the task is changed by it, and who is named in an item takes part.
fn changed(call: &mut Call<'_, '_>, task: &Row, item: Option<&Row>) -> Result<()> {
    let mut fields = Map::new();
    for (kind, code, name) in [("A", "ACCOMPLICES", "accomplices"), ("U", "AUDITORS", "auditors")] {
        let mut people = rights::ids(task, name);
        let known = people.len();
        for (id, _) in item.map(tree::members).unwrap_or_default().into_iter().filter(|(_, own)| *own == kind)
        {
            if !people.contains(&id) {
                people.push(id);
            }
        }
        if people.len() > known {
            fields.insert(code, people.into_iter().map(Value::Int).collect::<Vec<_>>());
        }
    }
    task::touch(call, task.number, &fields)?;
    Ok(())
}
