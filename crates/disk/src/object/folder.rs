//! Folders: adding them, and where files and folders are put.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Tx;
use wire::{Map, Value};

use super::{ANY, FOLDER, FOLDERS, OBJECT, fresh, named};
use crate::refusal::unfit;
use crate::rights::Given;
use crate::{SCOPE, storage};

/// Where something is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// Into a folder
    Folder,
    /// Into the root folder of a storage
    Storage,
}

const DATA: Parameter = required("data", Kind::Fields, "Values by field");
/// The parameter with rights for a new object.
pub const RIGHTS: Parameter =
    optional("rights", Kind::List, "Rights beyond those of the folder: TASK_ID and ACCESS_CODE");

/// What `data` holds.
pub fn data() -> Parameter {
    DATA.with_members(vec![required("NAME", Kind::Text, "Name")])
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |name: &str, into: Where, about: &str| {
        let (named, id) = match into {
            Where::Folder => (required("id", Kind::Id, "Folder"), 3),
            Where::Storage => (storage::NAMED, 2),
        };
        write(name, SCOPE, move |call| add(call, into))
            .own_words()
            .about(about)
            .param(named)
            .param(data())
            .param(RIGHTS)
            .example(
                json!({"id": id, "data": {"NAME": "Invoices"}}),
                json!({"NAME": "Invoices", "TYPE": "folder"}),
            )
    };
    vec![
        of("disk.folder.addSubFolder", Where::Folder, "Adds a folder to a folder and returns it."),
        of(
            "disk.storage.addFolder",
            Where::Storage,
            "Adds a folder to the root folder of a storage and returns it.",
        ),
    ]
}

fn add(call: &mut Call<'_, '_>, into: Where) -> Result<Value> {
    let parent = parent(call, into)?;
    let name =
        call.fields("data").get_any_case("NAME").and_then(Value::text).unwrap_or_default().into_owned();
    let rights = Given::read(call)?;
    let row = add_folder(call, &parent, &name)?;
    rights.give(call, row.number)?;
    Ok(fresh(noun::show(call, &OBJECT, &FOLDERS, &row)?).into_value())
}

/// The folder that a call names, into which the caller may put something.
///
/// # Errors
/// When there is none, or when the caller may not.
pub fn parent(call: &mut Call<'_, '_>, into: Where) -> Result<Row> {
    if !call.param("data").is_none_or(Value::is_array) || call.fields("data").is_empty() {
        return Err(unfit(1).into());
    }
    match into {
        Where::Folder => named(call, &FOLDERS, Act::Add),
        Where::Storage => {
            let root = storage::root(call)?;
            noun::find(call, &OBJECT, &FOLDERS, Act::Add, &[root.into()])
        }
    }
}

/// Adds a folder of that name.
///
/// # Errors
/// When the name is taken or empty.
pub fn add_folder(call: &mut Call<'_, '_>, parent: &Row, name: &str) -> Result<Row> {
    let mut folder = Map::new();
    folder.push("NAME", name);
    folder.push("TYPE", FOLDER);
    folder.push("PARENT_ID", parent.number);
    noun::add(call, &OBJECT, &ANY, &folder)
}

/// Puts a new folder below its parent, and below all folders above that.
pub fn made(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    put_below(call.tx, row.number, row.int("parentId"))
}

/// The same by numbers.
pub fn put_below(tx: &mut Tx<'_>, folder: i64, parent: Option<i64>) -> Result<()> {
    if let Some(parent) = parent {
        let sql = "INSERT INTO disk_path (folder_id, ancestor_id) \
                   SELECT CAST(? AS {int}), ancestor_id FROM disk_path WHERE folder_id = ?";
        let sql = tx.dialect().expand(sql);
        tx.execute(&sql, &[folder.into(), parent.into()])?;
    }
    let sql = "INSERT INTO disk_path (folder_id, ancestor_id) VALUES (?, ?)";
    tx.execute(sql, &[folder.into(), folder.into()])?;
    Ok(())
}
