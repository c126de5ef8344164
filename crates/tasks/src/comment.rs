//! Comments: `task.commentitem.*`. One is a message in the chat of its task, so that both views show the same.

use engine::call::Call;
use engine::entity::filter::{Conditions, Unknown};
use engine::entity::{Naming, Order};
use engine::error::Result;
use engine::event::{Event, Happening, event};
use engine::method::{Method, optional, write};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::{Value as Json, json};
use store::Param;
use wire::filter::{Filter, split};
use wire::order::{self, Direction};
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::chat::{Chats, participants};
use crate::files::{self, COMMENTS};
use crate::history;
use crate::notice::{self, Happened};
use crate::people::People;
use crate::positional::{self, Arg, Family, Step, Takes, arg, failed, not_allowed, not_found};
use crate::task;

/// The first comment of the demo portal; the second is a result. Messages of its chats have the numbers before them.
pub const EXAMPLE: i64 = 6;

const FIELDS: Arg = arg("FIELDS", "arFields", Takes::Fields, "Values by field");

/// The family.
pub static FAMILY: Family = Family {
    path: "task.commentitem",
    class: "ctaskcommentitem",
    manifest: &[
        ("Manifest version", "1.1"),
        ("Warning", "don't rely on format of this manifest, it can be changed without any notification"),
    ],
    writable: &[
        "POST_MESSAGE",
        "AUTHOR_ID",
        "AUTHOR_NAME",
        "AUTHOR_EMAIL",
        "USE_SMILES",
        "POST_DATE",
        "UF_FORUM_MESSAGE_DOC",
    ],
    unlisted: &[],
    readable: &[
        "POST_MESSAGE_HTML",
        "ID",
        "AUTHOR_ID",
        "AUTHOR_NAME",
        "AUTHOR_EMAIL",
        "POST_DATE",
        "POST_MESSAGE",
        "ATTACHED_OBJECTS",
    ],
    sortable: &["ID", "AUTHOR_ID", "AUTHOR_NAME", "AUTHOR_EMAIL", "POST_DATE"],
    filterable: &["ID", "AUTHOR_ID", "AUTHOR_NAME", "POST_DATE"],
    dates: &["POST_DATE"],
    steps: &[
        Step {
            name: "add",
            about: "Adds a comment to a task and returns its ID.",
            writes: true,
            args: &[positional::TASK, FIELDS],
            mandatory: 2,
            run: |call| {
                let fields = positional::members(call, "FIELDS");
                add(call, &fields)
            },
            example: || (json!({"TASKID": 1, "FIELDS": {"POST_MESSAGE": "The desks are here"}}), json!("*")),
        },
        Step {
            name: "update",
            about: "Changes the text of a comment.",
            writes: true,
            args: &[positional::TASK, positional::ITEM, FIELDS],
            mandatory: 3,
            run: update,
            example: || {
                let params = json!({"TASKID": 1, "ITEMID": EXAMPLE, "FIELDS": {"POST_MESSAGE": "The desks are here, and the lamps"}});
                (params, json!(true))
            },
        },
        Step {
            name: "delete",
            about: "Deletes a comment.",
            writes: true,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: delete,
            example: || (json!({"TASKID": 1, "ITEMID": EXAMPLE}), json!(true)),
        },
        Step {
            name: "get",
            about: "Returns a comment.",
            writes: false,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: get,
            example: || {
                (
                    json!({"TASKID": 1, "ITEMID": EXAMPLE}),
                    json!({"ID": EXAMPLE.to_string(), "POST_MESSAGE": "*"}),
                )
            },
        },
        Step {
            name: "getlist",
            about: "Lists the comments on a task.",
            writes: false,
            args: &[
                positional::TASK,
                arg("ORDER", "arOrder", Takes::Order, "ASC or DESC by field"),
                arg("FILTER", "arFilter", Takes::Filter, "Conditions by field, with comparison prefixes"),
            ],
            mandatory: 1,
            run: list,
            example: || (json!({"TASKID": 1, "ORDER": {"POST_DATE": "asc"}}), json!("*")),
        },
        Step {
            name: "isactionallowed",
            about: "Tells whether the user may do something with a comment.",
            writes: false,
            args: &[
                positional::TASK,
                positional::ITEM,
                arg("ACTIONID", "actionId", Takes::Int, "1 add, 2 change, 3 delete"),
            ],
            mandatory: 3,
            run: is_allowed,
            example: || (json!({"TASKID": 1, "ITEMID": EXAMPLE, "ACTIONID": 2}), json!(true)),
        },
    ],
};

/// The methods beside the family.
pub fn methods() -> Vec<Method> {
    let old = write("task.comment.add", SCOPE, |call| {
        let text = call.param("COMMENTTEXT").cloned().unwrap_or_default();
        let text = text.get("POST_MESSAGE").cloned().unwrap_or(text);
        add(call, &Map::from([("POST_MESSAGE", text)]))
    })
    .positional()
    .own_words()
    .about("Adds a comment to a task and returns its ID. Superseded by task.commentitem.add.")
    .param(optional("TASKID", engine::method::Kind::Id, "ID of the task"))
    .param(optional("COMMENTTEXT", engine::method::Kind::Any, "Text, or an object with POST_MESSAGE"))
    .example(json!({"TASKID": 1, "COMMENTTEXT": "The desks are here"}), json!("*"));
    vec![old]
}

/// The events.
pub fn events() -> Vec<Event> {
    let declared =
        |verb: &str, about: &str| event(format!("ONTASKCOMMENT{verb}"), SCOPE, about, told(verb, 1, 1));
    vec![
        declared("ADD", "A comment on a task was added."),
        declared("UPDATE", "A comment on a task was changed."),
        declared("DELETE", "A comment on a task was deleted."),
    ]
}

/// The data of an event about a comment. The texts are on the wire.
fn told(verb: &str, id: i64, task: i64) -> Json {
    let (before, after) = match verb {
        "ADD" => (json!("undefined"), json!({"ID": id, "TASK_ID": task, "MESSAGE_ID": id})),
        "UPDATE" => {
            (json!({"ID": id, "TASK_ID": task}), json!({"ID": id, "TASK_ID": task, "ACTION": "EDIT"}))
        }
        _ => (json!({"ID": id, "TASK_ID": task}), json!({"ID": id, "TASK_ID": task, "ACTION": "DEL"})),
    };
    json!({
        "FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": "undefined",
        "IS_ACCESSIBLE_AFTER": "undefined",
    })
}

fn raise(call: &mut Call<'_, '_>, task: &Row, verb: &str, id: i64) -> Result<()> {
    let audience = task::audience(call, task)?;
    let (name, number) = (format!("ONTASKCOMMENT{verb}"), task.number);
    call.raise_to(audience, &name, || Happening {
        object: format!("tasks.task:{number}"),
        data: told(verb, id, number).into(),
        changed: None,
    });
    Ok(())
}

/// The text of a request; one without any is refused.
fn text(fields: &Map) -> Result<String> {
    let text = fields.get("POST_MESSAGE").and_then(Value::text).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Fault::core("Comment text is not specified<br>").into());
    }
    Ok(text.into_owned())
}

fn add(call: &mut Call<'_, '_>, fields: &Map) -> Result<Value> {
    let refused = || Fault::core("Insufficient permissions to add a comment.<br>");
    let id = call.id("TASKID");
    let task = task::seen(call, id)?.ok_or_else(refused)?;
    let (chats, text) = (Chats::of(call).ok_or_else(refused)?, text(fields)?);
    let own = call.caller.user_id;
    // Administrators write in the name of others.
    let named =
        fields.get("AUTHOR_ID").and_then(Value::as_int).filter(|user| *user > 0 && call.caller.is_admin);
    let author = match named {
        Some(user) if engine::directory::name_of(call.tx, user)?.is_some() => user,
        _ => own,
    };
    let chat = chats.open(call, &task, author)?;
    let given = Map::from([("CHAT_ID", chat.into()), ("AUTHOR_ID", author.into()), ("TEXT", text.into())]);
    let message = noun::put(call, chats.message, &given)?.number;
    if let Some(documents) = fields.get("UF_FORUM_MESSAGE_DOC").filter(|documents| !documents.is_empty()) {
        files::replace(call, COMMENTS, message, documents)
            .map_err(|error| error.reworded(|_| Fault::core("File not found<br>")))?;
    }
    let posted =
        fields.get("POST_DATE").and_then(|date| call.clock().read(date)).filter(|_| call.caller.is_admin);
    if let Some(posted) = posted {
        let sql = format!("UPDATE {} SET date_create = ? WHERE id = ?", chats.message.table);
        call.tx.execute(&sql, &[posted.into(), message.into()])?;
    }
    let sql = "UPDATE tasks_task SET comments_count = COALESCE(comments_count, 0) + 1, activity_date = ? WHERE id = ?";
    call.tx.execute(sql, &[call.now.seconds().into(), task.number.into()])?;
    history::note(call, task.number, "COMMENT", "", &message.to_string())?;
    notice::tell(call, &task, &participants(&task), Happened::Commented)?;
    raise(call, &task, "ADD", message)?;
    Ok(Value::Int(message))
}

/// A comment on the task that a call names, with whether the caller may change it.
fn found(call: &mut Call<'_, '_>) -> Result<Option<(Row, Row, bool)>> {
    let (id, item) = (call.id("TASKID"), call.id("ITEMID"));
    let Some(task) = task::seen(call, id)? else { return Ok(None) };
    let Some(chats) = Chats::of(call) else { return Ok(None) };
    let comment = comment(call, chats, &task, item)?;
    Ok(comment.map(|comment| {
        let may = call.caller.is_admin || comment.int("authorId") == Some(call.caller.user_id);
        (task, comment, may)
    }))
}

/// A comment on a task: a message of somebody in its chat.
fn comment(call: &mut Call<'_, '_>, chats: Chats, task: &Row, id: i64) -> Result<Option<Row>> {
    let Some(chat) = task.int("chatId").filter(|chat| *chat > 0) else { return Ok(None) };
    let found = noun::again(call, chats.message, id)?;
    let counts = |row: &Row| {
        row.int("chatId") == Some(chat) && row.int("authorId") != Some(0) && row.text("isDeleted") != "Y"
    };
    Ok(found.filter(counts))
}

/// The comment with this number, with its task, when the caller sees that.
pub fn numbered(call: &mut Call<'_, '_>, id: i64) -> Result<Option<(Row, Row)>> {
    let Some(chats) = Chats::of(call) else { return Ok(None) };
    let Some(message) = noun::again(call, chats.message, id)? else { return Ok(None) };
    let chat = message.int("chatId").unwrap_or(0);
    let task =
        call.tx.one("SELECT id FROM tasks_task WHERE chat_id = ?", &[chat.into()], |row| row.int(0))?;
    let Some(task) = task else { return Ok(None) };
    let Some(task) = task::seen(call, task)? else { return Ok(None) };
    Ok(comment(call, chats, &task, id)?.map(|comment| (task, comment)))
}

fn denied() -> Fault {
    not_allowed("Action is not allowed")
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = positional::members(call, "FIELDS");
    let text = text(&fields)?;
    let Some((task, comment, true)) = found(call)? else { return Err(denied().into()) };
    let chats = Chats::of(call).ok_or_else(denied)?;
    noun::amend(
        call,
        chats.message,
        &chats.message.faces[0],
        comment.number,
        &Map::from([("TEXT", text.into())]),
    )?;
    if let Some(documents) = fields.get("UF_FORUM_MESSAGE_DOC") {
        files::replace(call, COMMENTS, comment.number, documents)?;
    }
    raise(call, &task, "UPDATE", comment.number)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some((task, comment, true)) = found(call)? else { return Err(denied().into()) };
    let chats = Chats::of(call).ok_or_else(denied)?;
    files::clear(call, COMMENTS, comment.number)?;
    noun::clear(call, chats.message, &[("id", comment.number.into())])?;
    let sql = "UPDATE tasks_task SET comments_count = COALESCE(comments_count, 1) - 1 WHERE id = ?";
    call.tx.execute(sql, &[task.number.into()])?;
    raise(call, &task, "DELETE", comment.number)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    match found(call)? {
        Some((_, comment, _)) => Ok(shown(call, &[comment])?.pop().unwrap_or_default()),
        None => Err(not_found("Check listitem not found or not accessible").into()),
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("TASKID");
    let Some(task) = task::seen(call, id)? else { return Err(failed("Action failed").into()) };
    let chat = task.int("chatId").filter(|chat| *chat > 0);
    let (Some(chats), Some(chat)) = (Chats::of(call), chat) else { return Ok(Vec::new().into()) };
    let within = conditions(call, chats, chat)?;
    let order = sorted(call);
    let asked = Asked { within: Some(within), order: Some(order), whole: true, ..Asked::default() };
    let rows = noun::belonging(call, chats.message, asked)?;
    Ok(shown(call, &rows)?.into())
}

const AUTHOR: &str = "(SELECT COALESCE(u.name, '') || ' ' || COALESCE(u.last_name, '') FROM portal_user u WHERE u.id = t.author_id)";

fn conditions(call: &Call<'_, '_>, chats: Chats, chat: i64) -> Result<(String, Vec<Param<'static>>)> {
    let table = &call.core.modules.shape(chats.message).table;
    let mut conditions =
        Conditions::new(table, Naming::Legacy, Unknown::Ignored, call.clock(), call.tx.dialect());
    conditions.params.push(chat.into());
    let mut parts = vec!["t.chat_id = ? AND t.author_id <> 0 AND t.is_deleted = 'N'".to_owned()];
    for (key, value) in call.param("FILTER").cloned().unwrap_or_default().entries() {
        let (op, name) = split(&key);
        let name = name.to_ascii_uppercase();
        if name == "AUTHOR_NAME" {
            let not = if matches!(op, wire::filter::Op::Ne) { "NOT " } else { "" };
            conditions.params.push(Param::from(value.text().unwrap_or_default().into_owned()));
            parts.push(format!("{not}{AUTHOR} = ?"));
            continue;
        }
        let field = if name == "POST_DATE" { "DATE_CREATE" } else { name.as_str() };
        let test = Filter::Test { op, field: field.into(), value: value.clone() };
        parts.extend(conditions.build(&test)?);
    }
    Ok((parts.join(" AND "), conditions.params))
}

fn sorted(call: &Call<'_, '_>) -> Order {
    let order = order::parse_lenient(call.param("ORDER").unwrap_or(&Value::Null));
    let part = |sorted: Order, (name, direction): (wire::Text, Direction)| {
        let column = match name.to_ascii_uppercase().as_str() {
            "ID" => "t.id",
            "AUTHOR_ID" => "t.author_id",
            "AUTHOR_NAME" => AUTHOR,
            "POST_DATE" => "t.date_create",
            _ => return sorted,
        };
        sorted.by(column, if direction == Direction::Desc { "DESC" } else { "ASC" })
    };
    order.into_iter().fold(Order::default(), part).by("t.id", "DESC")
}

/// Comments as answers show them.
fn shown(call: &mut Call<'_, '_>, comments: &[Row]) -> Result<Vec<Value>> {
    let people = People::find(call, comments.iter().filter_map(|comment| comment.int("authorId")))?;
    let numbers: Vec<i64> = comments.iter().map(|comment| comment.number).collect();
    let mut attached = files::shown(call, COMMENTS, &numbers)?;
    let mut objects = |comment: &Row| {
        let own = attached.remove(&comment.number).unwrap_or_default().into_iter();
        let named = own.map(|map| {
            (map.get("ATTACHMENT_ID").and_then(Value::text).unwrap_or_default().into(), map.clone().into())
        });
        named.collect::<Map>().into_value()
    };
    let mut one = |comment: &Row| {
        let author = comment.int("authorId").unwrap_or(0);
        let mut map = Map::with_capacity(8);
        map.push("POST_MESSAGE_HTML", Value::Null);
        map.push("ID", comment.number.to_string());
        map.push("AUTHOR_ID", author.to_string());
        map.push("AUTHOR_NAME", people.name(author));
        map.push("AUTHOR_EMAIL", "");
        let posted = comment.int("dateCreate").unwrap_or(0);
        map.push("POST_DATE", moment::print(&call.caller.zone, posted));
        map.push("POST_MESSAGE", comment.text("text"));
        map.push("ATTACHED_OBJECTS", objects(comment));
        Value::from(map)
    };
    Ok(comments.iter().map(&mut one).collect())
}

fn is_allowed(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, action) = (call.id("TASKID"), call.id("ACTIONID"));
    if task::seen(call, id)?.is_none() {
        return Ok(false.into());
    }
    if action == 1 {
        return Ok(true.into());
    }
    let own = found(call)?.is_some_and(|(_, _, may)| may);
    Ok((own && (2..=3).contains(&action)).into())
}
