//! Files that are attached to what other modules have: a task, a message. Whoever may see that may read the attachment, and
//! whoever may change it takes the attachment away.
//!
//! What a file is attached to is a row of a noun, named by `MODULE_ID` and `ENTITY_TYPE`: `tasks` and `task`, or `tasks_task`
//! as the real system has it, is `tasks.task`.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::noun::{Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Stamp, Verb, field, noun};
use wire::{Map, Value};

use crate::SCOPE;
use crate::refusal::{FAULTS, missing, unfit};

/// The nouns to whose rows files are attached.
const HOSTS: [&str; 10] = [
    "tasks.task",
    "tasks.checklist",
    "tasks.epic",
    "tasks.result",
    "tasks.template",
    "tasks.templateitem",
    "im.message",
    "lists.element",
    "feed.post",
    "feed.comment",
];

const FACE: Face =
    Face { verbs: &[(Verb::Get, "get")], faults: FAULTS, ..Face::flat("disk.attachedObject", "id") };

/// Attachments.
pub static ATTACHED: Noun = Noun {
    access: Access::Rule(&ByHost),
    fields: &[
        ID,
        field("objectId", Kind::Noun("disk.object"), "File").required().immutable().indexed(),
        field("moduleId", Kind::String, "Module").required().immutable(),
        field("entityType", Kind::String, "Type of what it is attached to").required().immutable(),
        field("entityId", Kind::Integer, "What it is attached to").required().immutable(),
        field("createTime", Kind::DateTime, "Attached").stamped(Stamp::Created),
        field("createdBy", Kind::User, "Attached by").stamped(Stamp::CreatedBy),
        field("downloadUrl", Kind::String, "Link to the content").computed(),
        field("name", Kind::String, "Name of the file").computed(),
        field("size", Kind::Integer, "Size in bytes").computed(),
        // The noun of what it is attached to.
        field("host", Kind::String, "Noun").read_only().camel_only(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("disk.attached", "disk_attached", SCOPE, ["attached file", "attached files"])
};

/// As what the file is attached to.
#[derive(Debug)]
struct ByHost;

impl Rule for ByHost {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let act = if matches!(act, Act::Read | Act::Add) { Act::Read } else { Act::Update };
        let (mut parts, mut params) = (Vec::new(), Vec::new());
        for host in HOSTS {
            let Some(noun) = call.core.modules.noun(host).map(|shape| shape.noun) else { continue };
            let (leads, values) = noun.leads(call, act, "entity_id")?;
            parts.push(format!("(t.host = '{host}' AND {leads})"));
            params.extend(values);
        }
        // Of what no noun is known, whoever attached it.
        parts.push("(t.host = '' AND t.created_by = ?)".to_owned());
        params.push(call.caller.user_id.into());
        Ok(Grant::Where(format!("({})", parts.join(" OR ")), params))
    }
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, _: Verb) -> Result<()> {
        if call.param("id").is_none_or(Value::is_empty) { Err(unfit(0).into()) } else { Ok(()) }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        let host =
            host(draft.text("moduleId").unwrap_or_default(), draft.text("entityType").unwrap_or_default());
        let known = HOSTS.contains(&host.as_str()) && call.core.modules.noun(&host).is_some();
        draft.set("host", if known { host } else { String::new() });
        let object = draft.int("objectId").unwrap_or(0);
        let sql = "SELECT 1 FROM disk_object WHERE id = ? AND type = 'file' AND deleted_type = 0";
        match call.tx.one(sql, &[object.into()], |row| row.int(0))? {
            Some(_) => Ok(()),
            None => Err(missing(object).into()),
        }
    }

    fn within(&self, _: &Face) -> Option<&'static str> {
        Some("EXISTS (SELECT 1 FROM disk_object o WHERE o.id = t.object_id AND o.deleted_type = 0)")
    }

    fn show(&self, call: &mut Call<'_, '_>, _: &Face, rows: &[Row], maps: &mut [Map], _: bool) -> Result<()> {
        let objects = objects(call, rows)?;
        for (row, map) in rows.iter().zip(maps) {
            let Some((name, size, file)) = row.int("objectId").and_then(|id| objects.get(&id)) else {
                continue;
            };
            map.insert("DOWNLOAD_URL", files::link(call.core, *file, call.now));
            map.insert("NAME", name.as_str());
            map.insert("SIZE", size.to_string());
        }
        Ok(())
    }
}

/// The noun of what a file is attached to.
fn host(module: &str, kind: &str) -> String {
    let (module, kind) = (module.to_ascii_lowercase(), kind.to_ascii_lowercase());
    let own = kind.strip_prefix(&module).and_then(|rest| rest.strip_prefix(['_', '.'])).unwrap_or(&kind);
    format!("{module}.{own}")
}

/// Name, size and content of the objects that are attached.
fn objects(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, (String, i64, i64)>> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("objectId")).collect();
    let sql = "SELECT id, name, size, file_id FROM disk_object WHERE id IN (#)";
    let found = call.tx.all_among(sql, &[], &ids, |row| {
        let file = (row.text(1)?.to_owned(), row.opt_int(2)?.unwrap_or(0), row.opt_int(3)?.unwrap_or(0));
        Ok((row.int(0)?, file))
    })?;
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts_go_by_module_and_type() {
        for (module, kind) in
            [("tasks", "task"), ("tasks", "tasks_task"), ("TASKS", "TASK"), ("tasks", "tasks.task")]
        {
            assert_eq!(host(module, kind), "tasks.task", "{module} {kind}");
        }
        assert_eq!(host("im", "message"), "im.message");
    }
}
