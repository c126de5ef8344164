//! `department.add`, `department.update` and `department.delete`: administrators build the tree.

use serde_json::json;
use store::Param;
use wire::{Fault, Value};

use super::{SCOPE, SORT};
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};

/// The three methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("department.add", SCOPE, add)
            .about("Adds a department and returns its ID.")
            .param(required("NAME", Kind::Text, "Name"))
            .param(required("PARENT", Kind::Id, "ID of the parent department"))
            .param(optional("SORT", Kind::Int, "Sort index; 500 by default"))
            .param(optional("UF_HEAD", Kind::Id, "ID of the head"))
            .own_words()
            .example(json!({"NAME": "Purchasing", "PARENT": 1, "UF_HEAD": 1}), json!(4)),
        write("department.update", SCOPE, update)
            .about("Updates a department.")
            .param(required("ID", Kind::Id, "ID of the department"))
            .param(optional("NAME", Kind::Text, "Name"))
            .param(optional("SORT", Kind::Int, "Sort index"))
            .param(optional("PARENT", Kind::Id, "ID of the parent department"))
            .param(optional("UF_HEAD", Kind::Id, "ID of the head; empty for none"))
            .own_words()
            .example(json!({"ID": 2, "NAME": "Sales and leasing"}), json!(true)),
        write("department.delete", SCOPE, delete)
            .about("Deletes a department. Its employees and subdepartments move to the parent department.")
            .param(required("ID", Kind::Id, "ID of the department"))
            .own_words()
            .example(json!({"ID": 3}), json!(true)),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    allowed(call)?;
    let name = call.text("NAME").ok_or_else(nameless)?;
    let parent = id_of(call.param("PARENT")).ok_or_else(second_root)?;
    find(call, parent)?;
    let sort = call.param("SORT").and_then(Value::as_int).unwrap_or(SORT);
    let sql = "INSERT INTO department (name, sort, parent, uf_head) VALUES (?, ?, ?, ?)";
    let params = [name.into(), sort.into(), parent.into(), id_of(call.param("UF_HEAD")).into()];
    let id = call.tx.insert(sql, &params)?;
    call.meta_changed()?;
    Ok(id.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    allowed(call)?;
    let id = id_of(call.param("ID")).ok_or_else(missing)?;
    let above = find(call, id)?;
    let mut sets: Vec<(&str, Param<'_>)> = Vec::new();
    if call.param("NAME").is_some() {
        sets.push(("name", call.text("NAME").ok_or_else(nameless)?.into()));
    }
    if let Some(sort) = call.param("SORT").and_then(Value::as_int) {
        sets.push(("sort", sort.into()));
    }
    if let Some(given) = call.param("PARENT") {
        let parent = id_of(Some(given));
        if parent != above {
            sets.push(("parent", new_place(call, id, above, parent)?.into()));
        }
    }
    if let Some(given) = call.param("UF_HEAD") {
        sets.push(("uf_head", id_of(Some(given)).into()));
    }
    if !sets.is_empty() {
        let (columns, mut params): (Vec<&str>, Vec<Param<'_>>) = sets.into_iter().unzip();
        let sql = format!("UPDATE department SET {} = ? WHERE id = ?", columns.join(" = ?, "));
        params.push(id.into());
        call.tx.execute(&sql, &params)?;
    }
    call.meta_changed()?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    allowed(call)?;
    let id = id_of(call.param("ID")).ok_or_else(missing)?;
    let Some(above) = find(call, id)? else {
        return Err(Fault::core("The topmost department cannot be deleted").into());
    };
    call.tx.execute("UPDATE department SET parent = ? WHERE parent = ?", &[above.into(), id.into()])?;
    let sql = "INSERT INTO department_member (user_id, department_id) \
               SELECT user_id, ? FROM department_member WHERE department_id = ? \
               ON CONFLICT (user_id, department_id) DO NOTHING";
    call.tx.execute(sql, &[above.into(), id.into()])?;
    call.tx.execute("DELETE FROM department_member WHERE department_id = ?", &[id.into()])?;
    call.tx.execute("DELETE FROM department WHERE id = ?", &[id.into()])?;
    call.meta_changed()?;
    Ok(true.into())
}

/// Where a department may be moved: not to the top, as there is one root, and not below itself.
fn new_place(call: &mut Call<'_, '_>, id: i64, above: Option<i64>, parent: Option<i64>) -> Result<i64> {
    let parent = parent.ok_or_else(second_root)?;
    find(call, parent)?;
    // The root has nothing above it, and all else is below it.
    if above.is_none() || parent == id || call.meta.directory.is_below(parent, &[id]) {
        return Err(Fault::core("A department cannot be moved below itself").into());
    }
    Ok(parent)
}

/// The department above one, nothing for the root; a fault when there is no such department.
fn find(call: &mut Call<'_, '_>, id: i64) -> Result<Option<i64>> {
    let sql = format!("SELECT parent FROM department WHERE id = ?{}", call.tx.dialect().for_update());
    call.tx.one(&sql, &[id.into()], |row| row.opt_int(0))?.ok_or_else(|| missing().into())
}

/// A positive number; everything else is nobody's id.
fn id_of(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::as_int).filter(|id| *id > 0)
}

fn allowed(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(Fault::core("Access denied").into()) }
}

fn missing() -> Fault {
    Fault::core("Department not found")
}

/// The line break is on the wire.
fn nameless() -> Fault {
    Fault::core("Department name not provided.<br>")
}

fn second_root() -> Fault {
    Fault::core("There can only be one top-level department in the company structure")
}
