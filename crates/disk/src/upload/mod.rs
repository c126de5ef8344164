//! Uploads: `disk.folder.uploadFile` and `disk.storage.uploadFile`. Without a content they answer where it is to be sent.

mod content;

use engine::call::Call;
use engine::error::Result;
use engine::files::ticket;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::object::{self, ANY, FILE, FILES, OBJECT, RIGHTS, Where, names};
use crate::rights::Given;
use crate::{SCOPE, storage};
pub use content::{Brought, param};

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |name: &str, into: Where, about: &str| {
        let (named, id) = match into {
            Where::Folder => (required("id", Kind::Id, "Folder"), 3),
            Where::Storage => (storage::NAMED, 2),
        };
        let sample = json!({"id": id, "data": {"NAME": "note.txt"}, "fileContent": ["note.txt", "SGVsbG8="]});
        write(name, SCOPE, move |call| upload(call, into))
            .own_words()
            .about(about)
            .param(named)
            .param(object::data())
            .param(Param { required: into == Where::Storage, ..param() })
            .param(RIGHTS)
            .param(optional(
                "generateUniqueName",
                Kind::Flag,
                "Whether a name that is taken gets a number behind it",
            ))
            .example(sample, json!({"NAME": "note.txt", "TYPE": "file", "SIZE": "5"}))
    };
    vec![
        of("disk.folder.uploadFile", Where::Folder, "Uploads a file into a folder and returns it."),
        of(
            "disk.storage.uploadFile",
            Where::Storage,
            "Uploads a file into the root folder of a storage and returns it.",
        ),
    ]
}

fn upload(call: &mut Call<'_, '_>, into: Where) -> Result<Value> {
    let parent = object::parent(call, into)?;
    let rights = Given::read(call)?;
    let Some(brought) = Brought::read(call)? else { return ticket::issue(call) };
    let named = call.fields("data").get_any_case("NAME").and_then(Value::text).map(|name| name.into_owned());
    let name = named.filter(|name| !name.is_empty()).or_else(|| brought.name.clone());
    let name =
        name.ok_or_else(|| Fault::new(400, "DISK_BASE_SERVICE_22001", "Error: required parameter NAME"))?;
    let name = if call.flag("generateUniqueName") { names::free(call, parent.number, &name)? } else { name };
    let file = brought.keep(call, &name)?;
    let row = add(call, &parent, &name, file)?;
    rights.give(call, row.number)?;
    Ok(object::fresh(noun::show(call, &OBJECT, &FILES, &row)?).into_value())
}

/// Adds a file with a content that is kept, of which the number and the size are known.
///
/// # Errors
/// When the name is taken.
pub fn add(call: &mut Call<'_, '_>, parent: &Row, name: &str, (file, size): (i64, i64)) -> Result<Row> {
    let mut object = Map::new();
    object.push("NAME", name);
    object.push("TYPE", FILE);
    object.push("PARENT_ID", parent.number);
    object.push("GLOBAL_CONTENT_VERSION", 1);
    object.push("FILE_ID", file);
    object.push("SIZE", size);
    noun::add(call, &OBJECT, &ANY, &object)
}
