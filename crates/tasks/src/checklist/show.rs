//! Checklists as answers show them: flat, and as a tree.

use std::collections::HashMap;

use engine::call::Call;
use engine::entity::field;
use engine::error::Result;
use engine::moment;
use engine::noun::Row;
use serde_json::json;
use wire::{Map, Text, Value};

use super::tree;
use crate::files;
use crate::people::People;

/// Items with upper-case names and all values as text.
pub fn flat(call: &mut Call<'_, '_>, items: &[Row]) -> Result<Vec<Map>> {
    let named: Vec<i64> =
        items.iter().flat_map(|item| tree::members(item).into_iter().map(|(id, _)| id)).collect();
    let people = People::find(call, named.into_iter())?;
    let numbers: Vec<i64> = items.iter().map(|item| item.number).collect();
    let mut files = files::shown(call, files::TASK_ITEMS, &numbers)?;
    let one = |item: &Row| one(call, item, &people, files.remove(&item.number).unwrap_or_default());
    Ok(items.iter().map(one).collect())
}

fn one(call: &Call<'_, '_>, item: &Row, people: &People, files: Vec<Map>) -> Map {
    let number = |name: &str| item.int(name).unwrap_or(0).to_string();
    let parent = item.int("parentId").unwrap_or(0);
    let mut map = Map::with_capacity(12);
    map.push("ID", item.number.to_string());
    map.push("TASK_ID", number("taskId"));
    // A checklist stands under the number 0, the others under texts.
    map.push("PARENT_ID", if parent == 0 { Value::Int(0) } else { parent.to_string().into() });
    map.push("CREATED_BY", number("createdBy"));
    map.push("TITLE", item.text("title"));
    map.push("SORT_INDEX", number("sortIndex"));
    map.push("IS_COMPLETE", item.text("isComplete"));
    map.push("IS_IMPORTANT", item.text("isImportant"));
    map.push("TOGGLED_BY", item.int("toggledBy").map(|user| user.to_string()));
    let toggled = item.int("toggledDate").map(|moment| moment::print(&call.caller.zone, moment));
    map.push("TOGGLED_DATE", toggled.unwrap_or_default());
    let member = |(id, kind): (i64, &'static str)| people.member(call, id, kind);
    map.push("MEMBERS", tree::members(item).into_iter().filter_map(member).collect::<Vec<_>>());
    map.push("ATTACHMENTS", files.into_iter().map(keyed).collect::<Map>().into_value());
    map
}

/// An attachment under its number, which is one here.
fn keyed(mut file: Map) -> (Text, Value) {
    let number = file.get("ATTACHMENT_ID").and_then(Value::as_int).unwrap_or(0);
    file.insert("ATTACHMENT_ID", number);
    (number.to_string().into(), file.into())
}

/// What may be done with items.
fn actions(may: bool) -> Value {
    json!({"modify": may, "remove": may, "toggle": may, "add": may, "addAccomplice": may}).into()
}

/// All items of a task as a tree, under a root that is none of them.
///
/// # Errors
/// Those of the store.
pub fn node(call: &mut Call<'_, '_>, items: &[Row], may: bool) -> Result<Value> {
    let numbers: Vec<i64> = items.iter().map(|item| item.number).collect();
    let files = files::objects(call, files::TASK_ITEMS, &numbers)?;
    let root = json!({
        "id": null, "copiedId": null, "entityId": null, "userId": call.caller.user_id, "createdBy": null, "parentId": null,
        "title": "", "sortIndex": null, "displaySortIndex": "", "isComplete": false, "isImportant": false,
        "completedCount": 0, "members": [], "attachments": [], "nodeId": null,
    });
    let mut map = Map::with_capacity(4);
    map.push("nodeId", 0);
    map.push("fields", Value::from(root));
    map.push("action", Value::List(Vec::new()));
    let mut count = 0;
    let user = call.caller.user_id;
    map.push("descendants", Below { user, items, files: &files, may }.of(0, "", &mut count));
    Ok(map.into())
}

/// What the nodes of a tree are made of.
struct Below<'t> {
    user: i64,
    items: &'t [Row],
    /// The files of items.
    files: &'t HashMap<i64, Map>,
    /// Whether the caller may change the items.
    may: bool,
}

impl Below<'_> {
    /// The items below one; `place` is how its own place is written.
    fn of(&self, parent: i64, place: &str, count: &mut i64) -> Vec<Value> {
        let children = self.items.iter().filter(|item| item.int("parentId").unwrap_or(0) == parent);
        let mut nodes = Vec::new();
        for (at, item) in children.enumerate() {
            *count += 1;
            let own = match (parent, place) {
                (0, _) => String::new(),
                (_, "") => (at + 1).to_string(),
                (_, place) => format!("{place}.{}", at + 1),
            };
            let mut node = Map::with_capacity(4);
            node.push("nodeId", *count);
            node.push("fields", self.fields(item, parent, &own));
            node.push("action", actions(self.may));
            // What is deeper than any checklist is a ring.
            let ring = *count as usize > self.items.len();
            let deeper = if ring { Vec::new() } else { self.of(item.number, &own, count) };
            node.push("descendants", deeper);
            nodes.push(node.into());
        }
        nodes
    }

    fn fields(&self, item: &Row, parent: i64, place: &str) -> Map {
        let done = |row: &&Row| row.int("parentId") == Some(item.number) && row.text("isComplete") == "Y";
        let members: Map = tree::members(item)
            .into_iter()
            .map(|(id, kind)| (id.to_string().into(), Value::from(json!({"ID": id, "TYPE": kind}))))
            .collect();
        let fields = json!({
            "id": item.number, "copiedId": null, "entityId": item.int("taskId"), "userId": self.user,
            "createdBy": item.int("createdBy"), "parentId": parent, "title": item.text("title"),
            "sortIndex": item.int("sortIndex"), "displaySortIndex": place,
            "isComplete": item.text("isComplete") == "Y", "isImportant": item.text("isImportant") == "Y",
            "completedCount": self.items.iter().filter(done).count(),
        });
        let mut fields = Value::from(fields).into_map().unwrap_or_default();
        fields.push("members", members.into_value());
        fields.push("attachments", self.files.get(&item.number).cloned().unwrap_or_default().into_value());
        fields.push("nodeId", Value::Null);
        fields
    }
}

/// All items of a task by their numbers, in camelCase; `[]` when there are none.
pub fn by_number(call: &mut Call<'_, '_>, items: &[Row], may: bool) -> Result<Value> {
    let mut shown = Map::with_capacity(items.len());
    for (item, flat) in items.iter().zip(flat(call, items)?) {
        let mut map = Map::with_capacity(15);
        for (name, value) in flat {
            let empty = name == "TOGGLED_DATE" && value.is_empty();
            map.push(field::camel(&name), if empty { Value::Null } else { value });
            if name == "TOGGLED_DATE" {
                map.push("ufChecklistFiles", false);
            }
        }
        map.push("entityId", item.int("taskId").unwrap_or(0).to_string());
        map.push("action", actions(may));
        shown.push(item.number.to_string(), map);
    }
    Ok(shown.into_value())
}
