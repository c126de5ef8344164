//! Letting others have something: rights for a colleague, and public links.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, read, required, write};
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;
use crate::object::{FILES, FOLDERS, named};
use crate::refusal::{denied, unfit};
use crate::rights::{self, Level};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("disk.rights.getTasks", SCOPE, tasks)
            .own_words()
            .about("Lists the levels of access.")
            .example(json!({}), json!([{"ID": "71", "NAME": "disk_access_read"}, {}, {}, {}, {}])),
        write("disk.folder.shareToUser", SCOPE, share)
            .own_words()
            .about("Gives a user a level of access to a folder and everything in it.")
            .param(required("id", Kind::Id, "Folder"))
            .param(required("userId", Kind::Id, "User"))
            .param(required("taskName", Kind::Text, "Level: disk_access_read, add, edit, sharing or full"))
            .example(json!({"id": 3, "userId": 2, "taskName": "disk_access_read"}), json!(true)),
        write("disk.file.getExternalLink", SCOPE, link)
            .own_words()
            .about("Returns the public link to a file; the first call makes it.")
            .param(required("id", Kind::Id, "File"))
            .example(json!({"id": 4}), json!("*")),
    ]
}

#[allow(clippy::unnecessary_wraps, reason = "it is a handler")]
fn tasks(call: &mut Call<'_, '_>) -> Result<Value> {
    let one = |(_, id, name, title): (Level, i64, &str, &'static str)| {
        let mut task = Map::with_capacity(3);
        task.push("ID", id.to_string());
        task.push("NAME", name);
        task.push("TITLE", call.language.text(engine::texts::Topic::Names, title));
        task.into_value()
    };
    Ok(Level::ALL.into_iter().map(one).collect::<Vec<_>>().into())
}

/// Nobody gives more than one has.
fn share(call: &mut Call<'_, '_>) -> Result<Value> {
    let folder = named(call, &FOLDERS, Act::Export)?;
    let user = call.param("userId").and_then(Value::as_int).ok_or_else(|| unfit(1))?;
    let level = call.text("taskName").and_then(|name| Level::named(&name)).ok_or_else(|| unfit(2))?;
    directory::name_of(call.tx, user)?.ok_or_else(|| unfit(1))?;
    if !rights::has(call, folder.number, level)? {
        return Err(denied().into());
    }
    rights::give(call, folder.number, &format!("U{user}"), level)?;
    Ok(true.into())
}

fn link(call: &mut Call<'_, '_>) -> Result<Value> {
    let file = named(call, &FILES, Act::Read)?;
    Ok(files::publish(call, file.int("fileId").unwrap_or(0))?.into())
}
