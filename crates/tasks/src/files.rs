//! Files that are attached to tasks and comments: `tasks.task.files.attach`, `UF_TASK_WEBDAV_FILES`, `UF_FORUM_MESSAGE_DOC`.
//! Requests name a file of the disk with an `n` in front, `n428`, and an attachment that is there by its bare number.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::files::{Content, NewFile};
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Asked, Noun, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::history;
use crate::task::{self, TASK_ID, rights, stand};

/// Attachments that one task or comment has at most.
const MOST: usize = 100;

/// What files are attached to: the module and the type, and the noun that they make.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    module: &'static str,
    kind: &'static str,
    noun: &'static str,
}

/// Tasks.
pub const TASKS: Host = Host { module: "tasks", kind: "task", noun: "tasks.task" };
/// Items of the checklists of tasks.
pub const TASK_ITEMS: Host = Host { module: "tasks", kind: "checklist", noun: "tasks.checklist" };
/// Comments.
pub const COMMENTS: Host = Host { module: "im", kind: "message", noun: "im.message" };
/// Epics.
pub const EPICS: Host = Host { module: "tasks", kind: "epic", noun: "tasks.epic" };

/// Templates.
pub const TEMPLATES: Host = Host { module: "tasks", kind: "template", noun: "tasks.template" };
/// Items of the checklists of templates.
pub const TEMPLATE_ITEMS: Host = Host { module: "tasks", kind: "templateitem", noun: "tasks.templateitem" };

/// The noun of attachments; `None` where there is no disk.
fn attachments(call: &Call<'_, '_>) -> Option<&'static Noun> {
    call.core.modules.noun("disk.attached").map(|shape| shape.noun)
}

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        write("tasks.task.files.attach", SCOPE, attach)
            .own_words()
            .about("Attaches a file of the disk to a task and returns the ID of the attachment.")
            .param(TASK_ID)
            .param(required("fileId", Kind::Id, "ID of the file on the disk"))
            .example(json!({"taskId": 1, "fileId": EXAMPLE}), json!({"attachmentId": "*"})),
    ]
}

/// A file on the disk of the demo portal.
const EXAMPLE: i64 = 4;

fn attach(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task::task_id(call)?;
    let Some(given) = call.param("fileId").filter(|given| !given.is_empty()) else {
        return Err(Fault::missing_parameter("fileId").into());
    };
    let Some(file) = given.text().and_then(|text| text.trim().parse::<i64>().ok()) else {
        let text = "Invalid value {value} to match with parameter {fileId}. Should be value of type int.";
        return Err(Fault::new(400, "100", text).into());
    };
    let denied = || Fault::numbered(400, 0, "Access denied");
    let task = task::seen(call, id)?.ok_or_else(denied)?;
    if !stand(call, &task)?.may("checklist.add") {
        return Err(denied().into());
    }
    Ok(Value::under("attachmentId", attach_to(call, &task, file)?))
}

/// Attaches a file to a task that the caller may change so; gives the number of the attachment.
///
/// # Errors
/// The refusal of a file that the caller may not read, or of one too many.
pub fn attach_to(call: &mut Call<'_, '_>, task: &Row, file: i64) -> Result<i64> {
    let mut all = rights::ids(task, "ufTaskWebdavFiles");
    if all.len() >= MOST {
        return Err(Fault::core("Too many files<br>").into());
    }
    let attachment = put(call, TASKS, task.number, file)?;
    all.push(attachment);
    keep(call, task, &all)?;
    task::touch(call, task.number, &Map::new())?;
    Ok(attachment)
}

fn insufficient() -> Fault {
    Fault::core("Insufficient permissions.<br>")
}

/// Attaches a file that the caller may read; gives the number of the attachment.
pub fn put(call: &mut Call<'_, '_>, host: Host, to: i64, file: i64) -> Result<i64> {
    let noun = attachments(call).ok_or_else(insufficient)?;
    let given = Map::from([
        ("OBJECT_ID", file.into()),
        ("MODULE_ID", host.module.into()),
        ("ENTITY_TYPE", host.kind.into()),
        ("ENTITY_ID", to.into()),
    ]);
    match noun::put(call, noun, &given) {
        Ok(row) => Ok(row.number),
        Err(Error::Fault(_)) => Err(insufficient().into()),
        Err(error) => Err(error),
    }
}

/// Makes these the attachments of something: new ones by their files, old ones by their own numbers; the others go.
pub fn replace(call: &mut Call<'_, '_>, host: Host, to: i64, given: &Value) -> Result<Vec<i64>> {
    let Some(noun) = attachments(call) else { return Ok(Vec::new()) };
    let old: Vec<i64> = of(call, host, &[to])?.into_iter().map(|(row, _)| row.number).collect();
    let mut kept = Vec::new();
    for one in given.each().filter_map(Value::text).take(MOST) {
        match one.trim().strip_prefix('n') {
            Some(file) => kept.push(put(call, host, to, file.parse().unwrap_or(0))?),
            None => kept.extend(one.trim().parse().ok().filter(|id| old.contains(id) && !kept.contains(id))),
        }
    }
    for gone in old.into_iter().filter(|id| !kept.contains(id)) {
        noun::clear(call, noun, &[("id", gone.into())])?;
    }
    Ok(kept)
}

/// Follows a task whose request names files; of one that was there, by somebody who takes part in it.
pub fn follow(call: &mut Call<'_, '_>, task: &Row, old: Option<&Row>, given: &Map) -> Result<()> {
    let named = |name: &&str| task::code(call, name) == "UF_TASK_WEBDAV_FILES";
    let Some(name) = given.iter().map(|(name, _)| name).find(named).map(str::to_owned) else { return Ok(()) };
    if let Some(old) = old
        && !stand(call, old)?.may("checklist.add")
    {
        return Err(task::UPPER.faults.unwritable.fault().into());
    }
    let files = given.get(&name).cloned().unwrap_or_default();
    let all = replace(call, TASKS, task.number, &files)?;
    keep(call, task, &all)
}

/// Has a task have these attachments.
fn keep(call: &mut Call<'_, '_>, task: &Row, all: &[i64]) -> Result<()> {
    let before = rights::ids(task, "ufTaskWebdavFiles");
    if before == all {
        return Ok(());
    }
    let list = (!all.is_empty()).then(|| serde_json::Value::from(all.to_vec()).to_string());
    let sql = "UPDATE tasks_task SET uf_task_webdav_files = ? WHERE id = ?";
    call.tx.execute(sql, &[Param::from(list), task.number.into()])?;
    let text = |ids: &[i64]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    history::note(call, task.number, "UF_TASK_WEBDAV_FILES", &text(&before), &text(all))
}

/// Takes all attachments of something away that goes.
pub fn clear(call: &mut Call<'_, '_>, host: Host, of: i64) -> Result<()> {
    let Some(noun) = attachments(call) else { return Ok(()) };
    noun::clear(call, noun, &[("host", host.noun.into()), ("entityId", of.into())])
}

/// The attachments of these, as answers show them.
fn of(call: &mut Call<'_, '_>, host: Host, of: &[i64]) -> Result<Vec<(Row, Map)>> {
    let Some(noun) = attachments(call).filter(|_| !of.is_empty()) else { return Ok(Vec::new()) };
    let mut params: Vec<Param<'static>> = vec![host.noun.into()];
    params.extend(of.iter().map(|id| Param::from(*id)));
    let condition = format!("t.host = ? AND t.entity_id IN ({})", store::placeholders(of.len()));
    let asked = Asked { within: Some((condition, params)), whole: true, ..Asked::default() };
    let rows = noun::belonging(call, noun, asked)?;
    let shown = noun::show_all(call, noun, &noun.faces[0], &rows, false)?;
    Ok(rows.into_iter().zip(shown).collect())
}

/// The attachments of these by what they are attached to, with names, sizes and links.
pub fn shown(call: &mut Call<'_, '_>, host: Host, hosts: &[i64]) -> Result<HashMap<i64, Vec<Map>>> {
    let mut found: HashMap<i64, Vec<Map>> = HashMap::new();
    for (row, mut stored) in of(call, host, hosts)? {
        let mut take = |name: &str| stored.remove(name).unwrap_or_default();
        let link = take("DOWNLOAD_URL");
        let mut map = Map::with_capacity(6);
        map.push("ATTACHMENT_ID", row.number.to_string());
        map.push("NAME", take("NAME"));
        map.push("SIZE", take("SIZE"));
        map.push("FILE_ID", row.int("objectId").unwrap_or(0).to_string());
        map.push("DOWNLOAD_URL", link.clone());
        map.push("VIEW_URL", link);
        found.entry(row.int("entityId").unwrap_or(0)).or_default().push(map);
    }
    Ok(found)
}

/// The attachments of these, by what they are attached to, with the files that they are: `{"1417": "n5065"}`.
pub fn objects(call: &mut Call<'_, '_>, host: Host, hosts: &[i64]) -> Result<HashMap<i64, Map>> {
    let mut found: HashMap<i64, Map> = HashMap::new();
    for (row, _) in of(call, host, hosts)? {
        let file = format!("n{}", row.int("objectId").unwrap_or(0));
        found.entry(row.int("entityId").unwrap_or(0)).or_default().push(row.number.to_string(), file);
    }
    Ok(found)
}

/// The files that are attached to something, as a request names them.
pub fn named_again(call: &mut Call<'_, '_>, host: Host, to: i64) -> Result<Vec<String>> {
    let files = of(call, host, &[to])?;
    Ok(files.into_iter().map(|(row, _)| format!("n{}", row.int("objectId").unwrap_or(0))).collect())
}

/// Takes these attachments away, as far as they are of that.
pub fn detach(call: &mut Call<'_, '_>, host: Host, from: i64, gone: &[i64]) -> Result<()> {
    let Some(noun) = attachments(call) else { return Ok(()) };
    let own: Vec<i64> = of(call, host, &[from])?.into_iter().map(|(row, _)| row.number).collect();
    gone.iter()
        .filter(|id| own.contains(id))
        .try_for_each(|id| noun::clear(call, noun, &[("id", (*id).into())]))
}

/// Follows a template whose request names files.
pub fn follow_template(call: &mut Call<'_, '_>, template: &Row, given: &Map) -> Result<()> {
    let Some(files) = given.get_any_case("UF_TASK_WEBDAV_FILES").cloned() else { return Ok(()) };
    let all = replace(call, TEMPLATES, template.number, &files)?;
    let list = (!all.is_empty()).then(|| serde_json::Value::from(all).to_string());
    let sql = "UPDATE tasks_template SET uf_task_webdav_files = ? WHERE id = ?";
    call.tx.execute(sql, &[Param::from(list), template.number.into()])?;
    Ok(())
}

/// Puts a new file into the caller's own storage, under that name or one with a number behind it; gives its number.
pub fn upload(call: &mut Call<'_, '_>, name: &str, content: &str) -> Result<i64> {
    let storages = call.core.modules.noun("disk.storage").ok_or_else(insufficient)?.noun;
    let objects = call.core.modules.noun_named("disk.object");
    let me = call.caller.user_id;
    let sql =
        format!("SELECT root_object_id FROM {} WHERE entity_type = 'user' AND entity_id = ?", storages.table);
    let found = call.tx.one(&sql, &[me.to_string().into()], |row| row.opt_int(0))?.flatten();
    let folder = match found {
        Some(folder) => folder,
        None => {
            let given = Map::from([
                ("NAME", me.to_string().into()),
                ("MODULE_ID", "disk".into()),
                ("ENTITY_TYPE", "user".into()),
                ("ENTITY_ID", me.to_string().into()),
            ]);
            let storage = noun::put(call, storages, &given)?.number;
            let storage = noun::again(call, storages, storage)?;
            storage.and_then(|storage| storage.int("rootObjectId")).ok_or_else(insufficient)?
        }
    };
    let file =
        engine::files::put(call, &NewFile { name, content_type: None, content: Content::Base64(content) })?;
    let size =
        engine::files::find(call.tx, file)?.map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
    let given = Map::from([
        ("NAME", name.into()),
        ("GENERATE_UNIQUE_NAME", true.into()),
        ("TYPE", "file".into()),
        ("PARENT_ID", folder.into()),
        ("GLOBAL_CONTENT_VERSION", Value::Int(1)),
        ("FILE_ID", file.into()),
        ("SIZE", size.into()),
    ]);
    Ok(noun::put(call, objects, &given)?.number)
}
