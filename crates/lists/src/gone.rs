//! The lists of a workgroup go with it. Nobody but administrators reaches them from then on, and the timetable deletes them, a
//! part at a time.

use std::sync::LazyLock;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Method, write};
use engine::noun::{self, Row};
use engine::timetable::{Job, Next, Task};
use serde_json::json;
use store::Param;
use wire::Value;

use crate::SCOPE;
use crate::element::ELEMENT;
use crate::list::LIST;

/// Deletes a part of the list with the number that is its key.
pub const JOB: Job = Job { kind: "lists.gone", run: due, every: None };

/// Elements that are deleted at once.
const AT_ONCE: i64 = 100;

/// It is in no list: nobody calls it, and it asks for no rights.
static REMOVE: LazyLock<Method> = LazyLock::new(|| write("lists.remove", SCOPE, remove).own_words());

/// Gives up the lists of a workgroup that was deleted.
///
/// # Errors
/// Those of the store.
pub fn group_deleted(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    let sql = "SELECT id FROM lists_list WHERE iblock_type_id = 'lists_socnet' AND socnet_group_id = ?";
    let lists = call.tx.all(sql, &[group.number.into()], |row| row.int(0))?;
    for list in lists {
        call.tx.execute("DELETE FROM lists_right WHERE list_id = ?", &[list.into()])?;
        call.tx.execute("UPDATE lists_list SET socnet_group_id = 0 WHERE id = ?", &[list.into()])?;
        call.schedule(&JOB, &list.to_string(), call.now, "")?;
    }
    Ok(())
}

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    let list: i64 = task.key.parse().unwrap_or(0);
    task.step(&REMOVE, engine::method::params(&json!({"list": list})))
}

/// Deletes some elements of a list, or the list when it has none any more, and tells whether there is more to do.
fn remove(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = call.id("list");
    let sql = format!("SELECT id FROM lists_element WHERE list_id = ? ORDER BY id LIMIT {AT_ONCE}");
    let elements = call.tx.all(&sql, &[list.into()], |row| row.int(0))?;
    if elements.is_empty() {
        noun::clear(call, &LIST, &[("id", Param::from(list))])?;
        return Ok(false.into());
    }
    for element in elements {
        noun::clear(call, &ELEMENT, &[("id", Param::from(element))])?;
    }
    Ok(true.into())
}
