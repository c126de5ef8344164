//! Renaming, moving and copying.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Fault, Map, Value};

use super::show::number;
use super::{ANY, FILE, FOLDERS, OBJECT, Which, add_folder, again, fresh, names, shown, tree};
use crate::SCOPE;
use crate::refusal::{root, unfit};
use crate::upload;

/// Objects that one call copies.
const AT_ONCE: usize = 1000;

/// The methods.
pub fn methods() -> Vec<Method> {
    Which::BOTH.into_iter().flat_map(of).collect()
}

fn of(which: Which) -> Vec<Method> {
    let (path, title) = (which.path(), which.title());
    let id = || required("id", Kind::Id, which.named());
    let target = || required("targetFolderId", Kind::Id, "Folder to which it comes");
    let [example, movable, _] = which.examples();
    let answer = json!({"TYPE": title});
    vec![
        write(format!("{path}.rename"), SCOPE, move |call| rename(call, which))
            .own_words()
            .about(format!("Renames a {title} and returns it."))
            .param(id())
            .param(required("newName", Kind::Text, "New name"))
            .example(json!({"id": example, "newName": "Renamed"}), named("Renamed")),
        write(format!("{path}.moveTo"), SCOPE, move |call| move_to(call, which))
            .own_words()
            .about(format!(
                "Moves a {title} to another folder of the storage and returns it; false for another storage."
            ))
            .param(id())
            .param(target())
            .example(json!({"id": movable, "targetFolderId": 2}), answer.clone()),
        write(format!("{path}.copyTo"), SCOPE, move |call| copy_to(call, which))
            .own_words()
            .about(format!("Copies a {title} to a folder and returns the copy."))
            .param(id())
            .param(target())
            .example(json!({"id": example, "targetFolderId": 2}), answer),
    ]
}

fn named(name: &str) -> Json {
    json!({"NAME": name})
}

fn rename(call: &mut Call<'_, '_>, which: Which) -> Result<Value> {
    let row = super::named(call, which.face(), Act::Update)?;
    require_inner(&row, "Could not rename root folder")?;
    let name = names::clean(&call.text("newName").unwrap_or_default());
    if name.is_empty() {
        return Err(Fault::numbered(400, 0, "Empty name").into());
    }
    let mut changes = Map::new();
    changes.push("NAME", name.as_str());
    let row = noun::update(call, &OBJECT, &ANY, &[row.number.into()], &changes)?;
    if let Some(file) = row.int("fileId") {
        files::rename(call.tx, file, &name)?;
    }
    Ok(shown(call, &row)?.into_value())
}

/// The folder to which a call moves or copies.
fn target(call: &mut Call<'_, '_>) -> Result<Row> {
    let id = call.param("targetFolderId").filter(|id| !id.is_empty()).cloned().ok_or_else(|| unfit(1))?;
    noun::find(call, &OBJECT, &FOLDERS, Act::Add, &[id])
}

fn move_to(call: &mut Call<'_, '_>, which: Which) -> Result<Value> {
    let row = super::named(call, which.face(), Act::Update)?;
    require_inner(&row, "Could not move root folder")?;
    let target = target(call)?;
    if row.int("storageId") != target.int("storageId") {
        return Ok(false.into());
    }
    if row.int("parentId") != Some(target.number) {
        tree::relocate(call, &row, target.number)?;
    }
    let row = again(call, row.number)?;
    let mut map = shown(call, &row)?;
    number(&mut map, "PARENT_ID");
    Ok(map.into_value())
}

fn copy_to(call: &mut Call<'_, '_>, which: Which) -> Result<Value> {
    let row = super::named(call, which.face(), Act::Read)?;
    let target = target(call)?;
    let copy = match which {
        Which::File => copy_file(call, &row, &target)?,
        Which::Folder => copy_folder(call, &row, &target)?,
    };
    Ok(fresh(shown(call, &copy)?).into_value())
}

fn copy_file(call: &mut Call<'_, '_>, row: &Row, target: &Row) -> Result<Row> {
    let name = names::free(call, target.number, row.text("name"))?;
    let lost = || Fault::new(400, "DISK_FILE_22003", "Could not copy file");
    let file = files::copy(call, row.int("fileId").unwrap_or(0))?.ok_or_else(lost)?;
    files::rename(call.tx, file, &name)?;
    upload::add(call, target, &name, (file, row.int("size").unwrap_or(0)))
}

/// Copies a folder with what lies below it and the caller may read, which is known before the first copy is made.
fn copy_folder(call: &mut Call<'_, '_>, row: &Row, target: &Row) -> Result<Row> {
    let mut whole = Vec::new();
    let mut left = vec![row.number];
    while let Some(folder) = left.pop() {
        let children = children(call, folder)?;
        left.extend(children.iter().filter(|child| child.text("type") != FILE).map(|child| child.number));
        whole.extend(children);
        if whole.len() > AT_ONCE {
            return Err(
                Fault::new(400, "DISK_OBJ_22000", "The folder holds too much to be copied at once").into()
            );
        }
    }
    let name = names::free(call, target.number, row.text("name"))?;
    let copy = add_folder(call, target, &name)?;
    let mut copies = vec![(row.number, copy.clone())];
    // A folder comes before what lies in it.
    for child in whole {
        let place = |(old, _): &&(i64, Row)| child.int("parentId") == Some(*old);
        let Some(parent) = copies.iter().find(place).map(|(_, copy)| copy.clone()) else { continue };
        if child.text("type") == FILE {
            copy_file(call, &child, &parent)?;
        } else {
            let copy = add_folder(call, &parent, child.text("name"))?;
            copies.push((child.number, copy));
        }
    }
    Ok(copy)
}

/// What lies in a folder and the caller may read.
fn children(call: &mut Call<'_, '_>, folder: i64) -> Result<Vec<Row>> {
    let scope = OBJECT.grant(call, Act::Read)?;
    let condition = "t.parent_id = ? AND t.deleted_type = 0";
    noun::select(call, &OBJECT, &scope, condition, vec![Param::from(folder)], " ORDER BY t.id")
}

/// Refuses to do something to a root folder.
pub fn require_inner(row: &Row, text: &'static str) -> Result<()> {
    if row.int("parentId").is_some() { Ok(()) } else { Err(root(text).into()) }
}
