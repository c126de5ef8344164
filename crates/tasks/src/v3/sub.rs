//! `tasks.task.chat.message.send` and `tasks.task.file.attach`: what is put beside a task, by the methods of before.

use engine::call::Call;
use engine::dto::{Dto, Type, described, numbers, property, success};
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use serde_json::json;
use wire::{Value, exception};

use super::SCOPE;
use crate::task::seen;

static MESSAGE: Dto = Dto {
    name: "MessageDto",
    properties: &[
        property("id", Type::Int).filterable().sortable(),
        property("taskId", Type::Int).required("ID of the task"),
        property("text", Type::String).required("Text"),
    ],
};

static FILES: Dto = Dto {
    name: "FileDto",
    properties: &[property("taskId", Type::Int), property("fileIds", Type::Array).list_of("int")],
};

/// Files that one call attaches.
const MOST: usize = 100;

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = required("fields", Kind::Fields, "Values by field");
    let mut methods = vec![
        write("tasks.task.chat.message.send", SCOPE, send)
            .v3(Some(&MESSAGE))
            .about("Sends a message to the chat of a task.")
            .param(fields.or_complain("request").with_members(MESSAGE.members(true)))
            .example(json!({"fields": {"taskId": 1, "text": "The desks are here"}}), json!({"result": true})),
        write("tasks.task.file.attach", SCOPE, attach)
            .v3(Some(&FILES))
            .about("Attaches files of the disk to a task.")
            .param(required("taskId", Kind::Int, "ID of the task"))
            .param(required("fileIds", Kind::List, "IDs of the files on the disk"))
            .example(json!({"taskId": 1, "fileIds": [4]}), json!({"result": true})),
    ];
    methods.extend(described("tasks.task.chat.message", SCOPE, &MESSAGE));
    methods.extend(described("tasks.task.file", SCOPE, &FILES));
    methods
}

/// Runs a method of before as the caller.
fn run(call: &mut Call<'_, '_>, name: &str, given: serde_json::Value) -> Result<()> {
    call.ask(name, given)?.ok_or_else(exception::access_denied)?;
    Ok(())
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let task = fields.get("taskId").and_then(Value::as_int).unwrap_or(0);
    let text = fields.get("text").and_then(Value::as_str).unwrap_or_default();
    if seen(call, task)?.is_none() {
        return Err(exception::access_denied().into());
    }
    run(call, "task.commentitem.add", json!({"TASKID": task, "FIELDS": {"POST_MESSAGE": text}}))?;
    Ok(success())
}

fn attach(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = call.id("taskId");
    let Some(ids) = call.param("fileIds").and_then(numbers).filter(|ids| ids.len() <= MOST) else {
        return Err(exception::request(vec![exception::mistyped("fileIds", "int[]")]).into());
    };
    for file in ids {
        let attached = run(call, "tasks.task.files.attach", json!({"taskId": task, "fileId": file}));
        let words = |_| exception::of_field("fileIds", "Insufficient permissions");
        attached.map_err(|error| error.reworded(words))?;
    }
    Ok(success())
}
