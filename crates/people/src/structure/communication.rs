//! `humanresources.node.communication.*`: chats in which departments are. Whoever works in such a department is in the chat; who
//! came with it leaves with it. There are no channels and no collabs.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use engine::call::Call;
use engine::entity::Kind as Type;
use engine::error::{Result, refusal};
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use engine::texts::Topic;
use engine::timetable::{Job, Next, Task};
use serde_json::json;
use store::{Param, Tx};
use wire::{Map, Value, exception};

use super::people::members;
use super::{SCOPE, node, require_builder};
use crate::department::DEPARTMENT;

/// What chats are called by whom they are for; texts in the reader's language.
pub const KINDS: [&str; 2] = ["Private chat", "Open chat"];
/// Chats that a request names, and that a department has.
const MOST: usize = 100;

/// Chats of departments.
pub static LINK: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("departmentId", Type::Noun("department"), "Department").required().indexed(),
        field("chatId", Type::Integer, "Chat").required().indexed(),
        // Whether those who work in the departments below it are there as well.
        field("withChildren", Type::Char, "With departments below").default("N"),
    ],
    faces: &[Face { verbs: &[], ..Face::controller("department.chat", "link", "links") }],
    ..noun("department.chat", "department_chat", SCOPE, ["chat of a department", "chats of departments"])
};

/// Brings chats in line with who works where: in steps of one chat, whose number is the payload.
pub const JOB: Job = Job { kind: "department.chats", run: due, every: Some(3_600) };

/// It is in no list: nobody calls it, and it asks for no rights.
static FOLLOW: LazyLock<Method> = LazyLock::new(|| write("department.chats.follow", SCOPE, step).own_words());

/// The methods.
pub fn methods() -> Vec<Method> {
    let none = json!({
        "chats": [], "chatsNoAccess": 0, "channels": [], "channelsNoAccess": 0, "collabs": [], "collabsNoAccess": 0,
    });
    let methods = vec![
        read("humanresources.node.communication.list", SCOPE, list)
            .about("Lists the chats of a department. There are no channels and collabs.")
            .param(required("id", Kind::Int, "ID of the department"))
            .example(json!({"id": 2}), none),
        write("humanresources.node.communication.edit", SCOPE, edit)
            .about("Has those who work in a department be in chats, or no longer.")
            .param(required("nodeId", Kind::Int, "ID of the department"))
            .param(required("communicationType", Kind::Text, "CHAT; there are no channels and collabs"))
            .param(optional("ids", Kind::List, "IDs of chats to add the department to"))
            .param(optional("removeIds", Kind::List, "IDs of chats to take it out of"))
            .param(optional("createDefault", Kind::Flag, "Whether a chat is made for the department"))
            .param(optional("withChildren", Kind::Flag, "Whether it holds for the departments below as well"))
            .example(json!({"nodeId": 2, "communicationType": "CHAT", "ids": [3]}), json!({"success": true})),
    ];
    methods.into_iter().map(|method| method.v3(None)).collect()
}

/// The nouns of chats and of their members.
fn chats(call: &Call<'_, '_>) -> Result<(&'static Noun, &'static Noun)> {
    let noun = |name| call.core.modules.noun(name).map(|shape| shape.noun);
    let missing = || exception::of_field("communicationType", "There are no chats");
    Ok(noun("im.chat").zip(noun("im.member")).ok_or_else(missing)?)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let node = node(call, "id")?.number;
    let above: Vec<i64> = std::iter::once(node).chain(call.meta.directory.above(node)).collect();
    let links = noun::among(call, &LINK, "departmentId", &above)?;
    let (mut shown, mut hidden, mut known) = (Vec::new(), 0, BTreeSet::new());
    for link in links {
        let of = link.int("departmentId").filter(|of| *of != node);
        let chat = link.int("chatId").unwrap_or(0);
        if (of.is_some() && link.text("withChildren") != "Y") || !known.insert(chat) {
            continue;
        }
        match show(call, chat, of)? {
            Some(one) => shown.push(Value::from(one)),
            None => hidden += 1,
        }
    }
    let mut answer = Map::with_capacity(6);
    answer.push("chats", shown);
    answer.push("chatsNoAccess", hidden);
    for kind in ["channels", "collabs"] {
        answer.push(kind, Value::List(Vec::new()));
        answer.push(format!("{kind}NoAccess"), 0);
    }
    Ok(answer.into())
}

/// A chat as the list shows it; `None` where the caller may not see it.
fn show(call: &mut Call<'_, '_>, id: i64, of: Option<i64>) -> Result<Option<Map>> {
    let dialog = format!("chat{id}");
    let asked = call.ask("im.dialog.get", json!({"DIALOG_ID": dialog}));
    let Ok(Some(chat)) = refusal(asked)? else { return Ok(None) };
    let value = |name: &str| chat.get(name).cloned().unwrap_or_default();
    let is_open = value("message_type").as_str() == Some("O");
    Ok(Some(Map::from([
        ("avatar", value("avatar")),
        ("color", value("color")),
        ("dialogId", dialog.into()),
        ("hasAccess", true.into()),
        ("id", id.into()),
        ("isExtranet", false.into()),
        ("originalNodeId", of.into()),
        ("subtitle", call.language.text(Topic::Names, KINDS[usize::from(is_open)]).into()),
        ("title", value("name")),
        ("type", "CHAT".into()),
    ])))
}

fn edit(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    let row = node(call, "nodeId")?;
    match call.text("communicationType").unwrap_or_default().as_str() {
        "CHAT" => {}
        "CHANNEL" | "COLLAB" => {
            return Err(exception::of_field("communicationType", "There are no channels and collabs").into());
        }
        _ => {
            let text = "Invalid \"communicationType\" value. Allowed: CHAT, CHANNEL, COLLAB.";
            return Err(exception::of_field("communicationType", text).into());
        }
    }
    let (deep, gone) = (call.flag("withChildren"), numbers(call, "removeIds")?);
    let mut changed = connect(call, &row, "ids", "createDefault", deep)?;
    for link in noun::among(call, &LINK, "departmentId", &nodes(call, row.number, deep))? {
        let chat = link.int("chatId").unwrap_or(0);
        if gone.contains(&chat) {
            noun::clear(call, &LINK, &[("id", link.number.into())])?;
            follow(call, chat)?;
            changed = true;
        }
    }
    Ok(Value::under("success", changed))
}

/// Has a department be in the chats that one parameter of a request names, and in a new one where another asks for it; false
/// where it is there already.
pub fn connect(call: &mut Call<'_, '_>, row: &Row, ids: &str, create: &str, deep: bool) -> Result<bool> {
    let mut chats = numbers(call, ids)?;
    for id in &chats {
        require_bindable(call, ids, *id)?;
    }
    if call.flag(create) {
        chats.push(make(call, row)?);
    }
    let mut changed = false;
    for chat in chats {
        if bind(call, row.number, chat, deep)? {
            follow(call, chat)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// A department, and those below it if they are meant as well.
fn nodes(call: &Call<'_, '_>, department: i64, deep: bool) -> Vec<i64> {
    let mut nodes = if deep { call.meta.directory.below(department) } else { Vec::new() };
    nodes.push(department);
    nodes
}

fn numbers(call: &Call<'_, '_>, param: &str) -> Result<Vec<i64>> {
    let list = call.param(param).cloned().unwrap_or_default();
    let wrong = || exception::of_field(param, format!("A list of at most {MOST} IDs is expected"));
    Ok(engine::dto::numbers(&list).filter(|ids| ids.len() <= MOST).ok_or_else(wrong)?)
}

/// Refuses a chat that the caller does not see, and one in which somebody else says who is there.
fn require_bindable(call: &mut Call<'_, '_>, param: &str, id: i64) -> Result<()> {
    let missing = || exception::not_found(format!("Object with identifier {id} not found"));
    let chat = noun::foreign(call, "im.chat", id)?.ok_or_else(missing)?;
    let is_free = matches!(chat.text("type"), "CHAT" | "OPEN") && chat.text("entityType").is_empty();
    let bound = || exception::of_field(param, format!("Chat {id} is no group chat of its own"));
    if is_free { Ok(()) } else { Err(bound().into()) }
}

/// Makes a chat that is called like the department.
fn make(call: &mut Call<'_, '_>, row: &Row) -> Result<i64> {
    let chat = call.ask("im.chat.add", json!({"TITLE": row.text("name")}))?;
    let missing = || exception::of_field("communicationType", "There are no chats");
    Ok(chat.and_then(|chat| chat.as_int()).ok_or_else(missing)?)
}

/// Has a department be in a chat; false where it is there already in this way.
fn bind(call: &mut Call<'_, '_>, department: i64, chat: i64, deep: bool) -> Result<bool> {
    let links = noun::among(call, &LINK, "departmentId", &[department])?;
    let wanted = if deep { "Y" } else { "N" };
    if let Some(link) = links.iter().find(|link| link.int("chatId") == Some(chat)) {
        let differs = link.text("withChildren") != wanted;
        if differs {
            noun::amend(
                call,
                &LINK,
                &LINK.faces[0],
                link.number,
                &Map::from([("withChildren", wanted.into())]),
            )?;
        }
        return Ok(differs);
    }
    if links.len() >= MOST {
        return Err(exception::of_field("ids", format!("A department is in at most {MOST} chats")).into());
    }
    let fields = Map::from([
        ("departmentId", Value::from(department)),
        ("chatId", chat.into()),
        ("withChildren", wanted.into()),
    ]);
    noun::put(call, &LINK, &fields)?;
    Ok(true)
}

/// Those who work in the departments of a chat.
fn wanted(call: &mut Call<'_, '_>, chat: i64) -> Result<BTreeSet<i64>> {
    let mut departments = Vec::new();
    for link in noun::among(call, &LINK, "chatId", &[chat])? {
        let of = link.int("departmentId").unwrap_or(0);
        departments.extend(nodes(call, of, link.text("withChildren") == "Y"));
    }
    let nodes = noun::among(call, &DEPARTMENT, "id", &departments)?;
    Ok(members(call, &nodes)?.into_values().flatten().map(|(user, _)| user).collect())
}

/// Brings the members of a chat in line with its departments: who works there comes, who came with them and does not, leaves.
fn follow(call: &mut Call<'_, '_>, chat: i64) -> Result<()> {
    let (chats, people) = chats(call)?;
    let Some(row) = noun::locked(call, chats, chat)? else {
        return noun::clear(call, &LINK, &[("chatId", chat.into())]);
    };
    let wanted = wanted(call, chat)?;
    let there = noun::among(call, people, "chatId", &[chat])?;
    let first = row.int("lastMessageId").unwrap_or(0) + 1;
    for user in &wanted {
        if there.iter().all(|member| member.int("userId") != Some(*user)) {
            let member = Map::from([
                ("CHAT_ID", Value::from(chat)),
                ("USER_ID", (*user).into()),
                ("START_ID", first.into()),
                ("BY_DEPARTMENT", "Y".into()),
            ]);
            noun::put(call, people, &member)?;
        }
    }
    let left = |member: &&Row| {
        member.text("byDepartment") == "Y" && !wanted.contains(&member.int("userId").unwrap_or(0))
    };
    for member in there.iter().filter(left) {
        noun::clear(call, people, &[("id", member.number.into())])?;
    }
    Ok(())
}

/// Takes a department that is deleted out of its chats.
///
/// # Errors
/// Those of the store.
pub fn department_deleted(call: &mut Call<'_, '_>, department: &Row) -> Result<()> {
    noun::clear(call, &LINK, &[("departmentId", department.number.into())])?;
    changed(call)
}

/// Has chats brought in line soon, since somebody works elsewhere now.
///
/// # Errors
/// Those of the store.
pub fn changed(call: &mut Call<'_, '_>) -> Result<()> {
    if next(call.tx, 0)?.is_none() {
        return Ok(());
    }
    call.schedule(&JOB, "", call.now, "")
}

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    let after: i64 = task.payload.parse().unwrap_or(0);
    let Some(chat) = next(task.tx, after)? else { return Ok(Next::Done) };
    task.step(&FOLLOW, engine::method::params(&json!({"chat": chat})))?;
    Ok(Next::On(chat.to_string()))
}

/// The next chat in which departments are.
fn next(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let sql = "SELECT MIN(chat_id) FROM department_chat WHERE chat_id > ?";
    Ok(tx.one(sql, &[Param::from(after)], |row| row.opt_int(0))?.flatten())
}

fn step(call: &mut Call<'_, '_>) -> Result<Value> {
    let chat = call.id("chat");
    follow(call, chat)?;
    Ok(false.into())
}
