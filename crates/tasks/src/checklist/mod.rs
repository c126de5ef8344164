//! Checklists of tasks: `task.checklistitem.*`. They are trees: an item without one above it is a checklist, the others are
//! its items.

mod methods;
mod show;
pub mod tree;

use engine::call::Call;
use engine::copy::Copying;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Face, Field, Hooks, ID, Noun, Row, Stamp, field, noun};

use wire::{Map, Value};

pub use methods::{FAMILY, tree_of};
pub use show::{by_number, node};

use crate::{SCOPE, files};

/// Items of checklists of tasks.
pub static ITEM: Noun = Noun {
    access: Access::Through("taskId"),
    fields: &[
        ID,
        field("taskId", Kind::Noun("tasks.task"), "Task").required().immutable().indexed(),
        COMMON[0],
        COMMON[1],
        COMMON[2],
        COMMON[3],
        COMMON[4],
        COMMON[5],
        COMMON[6],
        COMMON[7],
        COMMON[8],
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("tasks.checklist", "tasks_checklist", SCOPE, ["checklist item", "checklist items"])
};

struct Hook;

impl Hooks for Hook {
    fn shown_beside(&self) -> &'static [&'static str] {
        &["ATTACHMENTS"]
    }

    /// Members are shown with their names and pictures.
    fn copying(&self, _: &mut Copying<'_, '_>, _: &Face, row: &mut Map) -> Result<()> {
        let Some(members) = row.get_mut("MEMBERS") else { return Ok(()) };
        let one = |member: &Value| {
            let number = member.get("ID").and_then(Value::as_int)?;
            let kind = member.get("TYPE").cloned().unwrap_or_default();
            Some(Value::from(Map::from([("ID", Value::Int(number)), ("TYPE", kind)])))
        };
        *members = Value::List(members.items().filter_map(one).collect());
        Ok(())
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::clear(call, files::TASK_ITEMS, row.number)
    }
}

/// The fields that items of checklists have, of tasks and of templates alike.
pub const COMMON: [Field; 9] = [
    field("parentId", Kind::Integer, "Item above it").default("0"),
    field("createdBy", Kind::User, "Creator").stamped(Stamp::CreatedBy),
    field("title", Kind::String, "Title"),
    field("sortIndex", Kind::Integer, "Place among its neighbours").default("0"),
    field("isComplete", Kind::Char, "Done").default("N"),
    field("isImportant", Kind::Char, "Important").default("N"),
    field("toggledBy", Kind::User, "Done, or not any more, by"),
    field("toggledDate", Kind::DateTime, "When it was done, or not any more"),
    // `[{"ID": 3, "TYPE": "A"}]`: A for participants, U for observers.
    field("members", Kind::Json, "People who are named in it"),
];

const FACE: Face = Face { verbs: &[], ..Face::legacy("tasks.checklist") };
