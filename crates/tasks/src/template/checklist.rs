//! Checklists of templates: `tasks.template.checklist.*`.

use std::collections::HashMap;

use engine::call::Call;
use engine::entity::Kind as FieldKind;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{Access, Face, Hooks, ID, Noun, Row, field, noun};
use serde_json::json;
use wire::filter::split;
use wire::order::{self, Direction};
use wire::{Fault, Map, Value};

use super::methods::{TEMPLATE_ID, fields, seen, template_id};
use crate::checklist::COMMON;
use crate::checklist::tree::{self, Tree};
use crate::people::People;
use crate::{SCOPE, files};

/// Items of checklists of templates.
pub static ITEM: Noun = Noun {
    access: Access::Through("templateId"),
    fields: &[
        ID,
        field("templateId", FieldKind::Noun("tasks.template"), "Template").required().immutable().indexed(),
        COMMON[0],
        COMMON[1],
        COMMON[2],
        COMMON[3],
        COMMON[4],
        COMMON[5],
        COMMON[6],
        COMMON[7],
        COMMON[8],
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("tasks.templatechecklist") }],
    hooks: &Hook,
    ..noun(
        "tasks.templateitem",
        "tasks_template_checklist",
        SCOPE,
        ["checklist item of a template", "checklist items of templates"],
    )
};

struct Hook;

impl Hooks for Hook {
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::clear(call, files::TEMPLATE_ITEMS, row.number)
    }
}

/// The checklists of a template.
pub fn tree_of(template: i64) -> Tree {
    Tree { noun: &ITEM, link: "templateId", owner: template }
}

const ITEM_ID: Param = required("checkListItemId", Kind::Id, "ID of the checklist item");

/// The methods.
pub fn methods() -> Vec<Method> {
    let name = |verb: &str| format!("tasks.template.checklist.{verb}");
    let one = json!({"templateId": 1, "checkListItemId": 2});
    let shown = json!({"checkListItem": {"id": 2, "templateId": 1}});
    let changes = |verb: &str, run: fn(&mut Call<'_, '_>) -> Result<Value>, about: &'static str| {
        write(name(verb), SCOPE, run).own_words().about(about).param(TEMPLATE_ID).param(ITEM_ID)
    };
    let values = || required("fields", Kind::Fields, "Values by field").with_members(members());
    vec![
        write(name("add"), SCOPE, add)
            .own_words()
            .about("Adds an item to a checklist of a template, or a checklist, and returns it.")
            .param(TEMPLATE_ID)
            .param(values())
            .example(
                json!({"templateId": 1, "fields": {"TITLE": "Collect figures", "PARENT_ID": 1}}),
                json!({"checkListItem": {"title": "Collect figures", "parentId": 1}}),
            ),
        read(name("get"), SCOPE, get)
            .own_words()
            .about("Returns a checklist item of a template.")
            .param(TEMPLATE_ID)
            .param(ITEM_ID)
            .example(one.clone(), shown.clone()),
        read(name("list"), SCOPE, list)
            .own_words()
            .about("Lists the checklist items of a template by ID.")
            .param(TEMPLATE_ID)
            .param(optional("filter", Kind::Filter, "Conditions by field"))
            .param(optional("select", Kind::Select, "Fields to return"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .example(json!({"templateId": 1}), json!({"checkListItems": "*"})),
        changes("update", update, "Changes a checklist item of a template and returns it.")
            .param(values())
            .example(
                json!({"templateId": 1, "checkListItemId": 2, "fields": {"TITLE": "Numbers"}}),
                json!({"checkListItem": {"title": "Numbers"}}),
            ),
        changes("delete", delete, "Deletes a checklist item of a template with all below it.")
            .example(one.clone(), json!(true)),
        changes("complete", |call| toggle(call, true), "Marks a checklist item of a template as done and returns it.")
            .example(one.clone(), json!({"checkListItem": {"isComplete": true}})),
        changes("renew", |call| toggle(call, false), "Marks a checklist item of a template as not done and returns it.")
            .example(one.clone(), json!({"checkListItem": {"isComplete": false}})),
        changes("moveAfter", |call| place(call, "afterItemId", true), "Puts a checklist item of a template behind another and returns it.")
            .param(required("afterItemId", Kind::Id, "ID of the item behind which it goes"))
            .example(json!({"templateId": 1, "checkListItemId": 2, "afterItemId": 3}), shown.clone()),
        changes("moveBefore", |call| place(call, "beforeItemId", false), "Puts a checklist item of a template before another and returns it.")
            .param(required("beforeItemId", Kind::Id, "ID of the item before which it goes"))
            .example(json!({"templateId": 1, "checkListItemId": 3, "beforeItemId": 2}), json!({"checkListItem": {"id": 3}})),
        changes("addAttachmentsFromDisk", attach, "Attaches files of the disk to a checklist item of a template and returns it.")
            .param(required("filesIds", Kind::List, "IDs of files, with n in front"))
            .example(json!({"templateId": 1, "checkListItemId": 2, "filesIds": ["n4"]}), shown.clone()),
        changes("addAttachmentByContent", attach_content, "Attaches a new file to a checklist item of a template and returns it.")
            .param(required("attachmentParameters", Kind::Fields, "The file").with_members(vec![
                optional("NAME", Kind::Text, "Name of the file"),
                optional("CONTENT", Kind::Text, "Content, in Base64"),
            ]))
            .example(
                json!({"templateId": 1, "checkListItemId": 2, "attachmentParameters": {"NAME": "note.txt", "CONTENT": "bm90ZQ=="}}),
                shown.clone(),
            ),
        changes("removeAttachments", detach, "Takes files away from a checklist item of a template and returns it.")
            .param(required("attachmentsIds", Kind::List, "IDs of the attachments"))
            .example(json!({"templateId": 1, "checkListItemId": 2, "attachmentsIds": [99]}), shown),
    ]
}

fn members() -> Vec<Param> {
    vec![
        optional("TITLE", Kind::Text, "Title"),
        optional("PARENT_ID", Kind::Id, "Item above it"),
        optional("SORT_INDEX", Kind::Int, "Place among its neighbours"),
        optional("IS_COMPLETE", Kind::Flag, "Done"),
        optional("IS_IMPORTANT", Kind::Flag, "Important"),
        optional("MEMBERS", Kind::Fields, "People who are named in it"),
    ]
}

fn refusal(text: &'static str) -> Fault {
    Fault::numbered(400, 0, text)
}

/// The tree of the template that a call names, which must be the caller's.
fn tree(call: &mut Call<'_, '_>, denied: &'static str) -> Result<Tree> {
    let id = template_id(call)?;
    let row = seen(call, id)?.ok_or_else(|| refusal(denied))?;
    Ok(tree_of(row.number))
}

/// The item that a call names, with its tree.
fn named(call: &mut Call<'_, '_>, denied: &'static str) -> Result<(Tree, Row)> {
    let id = template_id(call)?;
    if call.param("checkListItemId").is_none_or(Value::is_empty) {
        let text = "Bitrix\\Tasks\\CheckList\\Internals\\CheckList All parameters in the constructor must have real class type";
        return Err(Fault::new(400, "100", text).into());
    }
    let tree = seen(call, id)?.map(|row| tree_of(row.number)).ok_or_else(|| refusal(denied))?;
    let item = tree.item(call, call.id("checkListItemId"))?.ok_or_else(|| refusal(denied))?;
    Ok((tree, item))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    template_id(call)?;
    let fields = upper(&fields(call)?);
    let tree = tree(call, "Adding item: action is not available")?;
    if fields.get("TITLE").and_then(Value::text).is_none_or(|title| title.trim().is_empty()) {
        return Err(refusal("Item name is not specified").into());
    }
    // One that the template does not have makes a new checklist, as 0 does.
    if fields.get("PARENT_ID").and_then(Value::as_int).is_none() {
        let title = fields.get("TITLE").and_then(Value::text).unwrap_or_default();
        let text = format!("Invalid value [] for field [PARENT_ID] in element [, {title}]");
        return Err(Fault::numbered(400, 0, text).into());
    }
    let item = tree.add(call, &fields)?.ok_or_else(|| refusal("Adding item: action is not available"))?;
    answer(call, &tree, item.number)
}

fn upper(fields: &Map) -> Map {
    fields.iter().map(|(name, value)| (name.to_ascii_uppercase().into(), value.clone())).collect()
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, "Updating item: action not available")?;
    let fields = upper(&fields(call)?);
    tree.update(call, &item, &fields)?;
    answer(call, &tree, item.number)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, "Deleting item: action not available")?;
    tree.delete(call, &item)?;
    Ok(true.into())
}

fn toggle(call: &mut Call<'_, '_>, complete: bool) -> Result<Value> {
    let (tree, item) = named(call, "Changing the status of the item: action not available")?;
    tree.toggle(call, &item, complete)?;
    answer(call, &tree, item.number)
}

fn place(call: &mut Call<'_, '_>, beside: &'static str, behind: bool) -> Result<Value> {
    let denied = "Moving item: action not available";
    let (tree, item) = named(call, denied)?;
    if call.param(beside).is_none_or(Value::is_empty) {
        return Err(Fault::missing_parameter(beside).into());
    }
    let beside = tree.item(call, call.id(beside))?.ok_or_else(|| refusal(denied))?;
    tree.place(call, &item, &beside, behind)?;
    answer(call, &tree, item.number)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, "Access to the task template is denied")?;
    answer(call, &tree, item.number)
}

/// A list that a call brings under this name.
fn listed(call: &Call<'_, '_>, name: &'static str) -> Result<Value> {
    let given = call.param(name).ok_or_else(|| Fault::missing_parameter(name))?;
    if given.is_array() {
        return Ok(given.clone());
    }
    let text =
        format!("Invalid value {{}} to match with parameter {{{name}}}. Should be value of type array.");
    Err(Fault::new(400, "100", text).into())
}

const MODIFYING: &str = "Changing item: action is not available";

fn attach(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, MODIFYING)?;
    let given = listed(call, "filesIds")?;
    for file in given.each().filter_map(Value::text) {
        let file = file.trim().trim_start_matches('n').parse().unwrap_or(0);
        files::put(call, files::TEMPLATE_ITEMS, item.number, file)?;
    }
    answer(call, &tree, item.number)
}

fn attach_content(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, MODIFYING)?;
    let given = call.fields("attachmentParameters");
    let text = |name: &str| given.get_any_case(name).and_then(Value::text).unwrap_or_default().into_owned();
    let (name, content) = (text("NAME"), text("CONTENT"));
    if name.trim().is_empty() || content.is_empty() {
        return Err(refusal("An error occurred while adding the attachment").into());
    }
    let object = files::upload(call, &name, &content)?;
    files::put(call, files::TEMPLATE_ITEMS, item.number, object)?;
    answer(call, &tree, item.number)
}

fn detach(call: &mut Call<'_, '_>) -> Result<Value> {
    let (tree, item) = named(call, MODIFYING)?;
    let gone: Vec<i64> = listed(call, "attachmentsIds")?.each().filter_map(Value::as_int).collect();
    files::detach(call, files::TEMPLATE_ITEMS, item.number, &gone)?;
    answer(call, &tree, item.number)
}

/// An item as it is now.
fn answer(call: &mut Call<'_, '_>, tree: &Tree, id: i64) -> Result<Value> {
    let items = tree.items(call)?;
    let item = items.iter().find(|item| item.number == id).ok_or_else(|| refusal(MODIFYING))?;
    let people = People::find(call, tree::members(item).into_iter().map(|(id, _)| id))?;
    let attachments = files::objects(call, files::TEMPLATE_ITEMS, &[id])?;
    let done = |row: &&Row| row.int("parentId") == Some(id) && row.text("isComplete") == "Y";
    let mut map = Map::with_capacity(15);
    map.push("id", id);
    map.push("copiedId", Value::Null);
    map.push("userId", call.caller.user_id);
    map.push("createdBy", item.int("createdBy"));
    map.push("parentId", item.int("parentId").unwrap_or(0));
    map.push("title", item.text("title"));
    map.push("sortIndex", item.int("sortIndex").unwrap_or(0));
    map.push("displaySortIndex", "");
    map.push("isComplete", item.text("isComplete") == "Y");
    map.push("isImportant", item.text("isImportant") == "Y");
    map.push("completedCount", items.iter().filter(done).count() as i64);
    let member = |(id, kind): (i64, &'static str)| people.camel_member(call, id, kind);
    map.push("members", tree::members(item).into_iter().filter_map(member).collect::<Vec<_>>());
    map.push("attachments", attachments.get(&id).cloned().unwrap_or_default().into_value());
    map.push("nodeId", Value::Null);
    map.push("templateId", tree.owner);
    Ok(Value::under("checkListItem", map))
}

/// The fields of an item as lists have them.
const READABLE: [(&str, &str); 9] = [
    ("ID", "id"),
    ("TEMPLATE_ID", "templateId"),
    ("PARENT_ID", "parentId"),
    ("TITLE", "title"),
    ("SORT_INDEX", "sortIndex"),
    ("IS_COMPLETE", "isComplete"),
    ("IS_IMPORTANT", "isImportant"),
    ("MEMBERS", "members"),
    ("ATTACHMENTS", "attachments"),
];

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let tree = tree(call, "Access to the task template is denied")?;
    let param = |name: &str| call.param(name).cloned().unwrap_or_default();
    let (filter, order, select) = (param("filter"), param("order"), param("select"));
    let mut items = tree.items(call)?;
    items.retain(|item| fits(item, &filter));
    for (name, direction) in order::parse_lenient(&order).into_iter().rev() {
        let key = |item: &Row| sort_key(item, &name.to_ascii_uppercase());
        match direction {
            Direction::Asc => items.sort_by_key(key),
            Direction::Desc => items.sort_by_key(|item| std::cmp::Reverse(key(item))),
        }
    }
    let named = select.each().filter_map(Value::text).map(|name| name.to_ascii_uppercase());
    let named: Vec<String> = named.filter(|name| !name.is_empty()).collect();
    let all = named.is_empty() || named.iter().any(|name| name == "*");
    let ids: Vec<i64> = items.iter().map(|item| item.number).collect();
    let attachments = files::objects(call, files::TEMPLATE_ITEMS, &ids)?;
    let people = People::find(call, items.iter().flat_map(tree::members).map(|(id, _)| id))?;
    let mut shown = Map::with_capacity(items.len());
    for item in &items {
        let mut map = Map::with_capacity(READABLE.len());
        for (code, name) in
            READABLE.into_iter().filter(|(code, _)| all || named.iter().any(|name| name == code))
        {
            let member = |(id, kind): (i64, &'static str)| people.camel_member(call, id, kind);
            let value = match code {
                "ID" => item.number.to_string().into(),
                "PARENT_ID" if item.int(name).unwrap_or(0) == 0 => Value::Int(0),
                "TEMPLATE_ID" | "PARENT_ID" | "SORT_INDEX" => item.int(name).unwrap_or(0).to_string().into(),
                "MEMBERS" => tree::members(item).into_iter().filter_map(member).collect::<Vec<_>>().into(),
                "ATTACHMENTS" => attachments.get(&item.number).cloned().unwrap_or_default().into_value(),
                _ => item.text(name).into(),
            };
            map.push(name, value);
        }
        shown.push(item.number.to_string(), map);
    }
    Ok(Value::under("checkListItems", shown.into_value()))
}

fn sort_key(item: &Row, name: &str) -> (i64, String) {
    match name {
        "TITLE" | "IS_COMPLETE" | "IS_IMPORTANT" => {
            (0, item.text(&engine::entity::field::camel(name)).to_owned())
        }
        "PARENT_ID" | "SORT_INDEX" => {
            (item.int(&engine::entity::field::camel(name)).unwrap_or(0), String::new())
        }
        _ => (item.number, String::new()),
    }
}

/// Whether an item has the values of a filter; `!` denies one.
fn fits(item: &Row, filter: &Value) -> bool {
    filter.entries().all(|(key, value)| {
        let (op, name) = split(&key);
        let name = name.to_ascii_uppercase();
        let Some((_, field)) = READABLE.iter().take(7).find(|(code, _)| *code == name) else { return true };
        let own = match *field {
            "id" => item.number.to_string(),
            "title" | "isComplete" | "isImportant" => item.text(field).to_owned(),
            field => item.int(field).unwrap_or(0).to_string(),
        };
        let is = value.each().filter_map(Value::text).any(|value| value == own);
        is != matches!(op, wire::filter::Op::Ne | wire::filter::Op::NotIn)
    })
}

/// Gives a task the checklists of a template.
pub fn copy(call: &mut Call<'_, '_>, template: i64, task: i64) -> Result<()> {
    let items = tree_of(template).items(call)?;
    let to = crate::checklist::tree_of(task);
    let (mut places, mut waiting): (HashMap<i64, i64>, Vec<Row>) = (HashMap::from([(0, 0)]), items);
    while !waiting.is_empty() {
        let (ready, rest): (Vec<Row>, Vec<Row>) =
            waiting.into_iter().partition(|item| places.contains_key(&item.int("parentId").unwrap_or(0)));
        // What is left hangs on nothing.
        if ready.is_empty() {
            break;
        }
        for item in &ready {
            let fields: Map = [
                ("TITLE".into(), item.text("title").into()),
                ("PARENT_ID".into(), places[&item.int("parentId").unwrap_or(0)].into()),
                ("SORT_INDEX".into(), item.int("sortIndex").unwrap_or(0).into()),
                ("IS_IMPORTANT".into(), item.text("isImportant").into()),
                ("MEMBERS".into(), Value::from(item.json("members"))),
            ]
            .into_iter()
            .collect();
            let Some(added) = to.add(call, &fields)? else { continue };
            places.insert(item.number, added.number);
            let named = files::named_again(call, files::TEMPLATE_ITEMS, item.number)?;
            if !named.is_empty() {
                let named = named.into_iter().map(Value::from).collect::<Vec<_>>().into();
                files::replace(call, files::TASK_ITEMS, added.number, &named)?;
            }
        }
        waiting = rest;
    }
    Ok(())
}
