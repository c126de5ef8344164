//! Timelines of items: `rpa.timeline.*` and, of the comments among their records, `rpa.comment.*`. The portal itself writes down
//! that an item was added, moved or changed; others add records of their own and comments, and change these.

use std::borrow::Cow;

use engine::access::Act;
use engine::bbcode;
use engine::call::Call;
use engine::entity::{Kind, Naming, Order};
use engine::error::Result;
use engine::method::{self, Method, optional, read, write};
use engine::noun::{
    self, Access, Answer, Asked, Draft, Face, Hooks, ID, Noun, Row, Stamp, Verb, field, noun,
};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use crate::item;
use crate::people::People;
use crate::rights::{self, OfTimeline, process_of};
use crate::{SCOPE, stage, words};

/// What a record is about: a record of an integration, a comment, or what the portal wrote down.
const RECORD: &str = "record";
const COMMENT: &str = "comment";
const ADDED: &str = "item_create";
const MOVED: &str = "stage_change";
const CHANGED: &str = "fields_change";
const DONE: &str = "task_complete";

/// Titles that the portal gives.
pub const TITLES: [&str; 5] = ["Comment", "Item added", "Stage changed", "Fields changed", "Task completed"];

/// Marks that are left out of the plain text of comments.
const MARKS: [&str; 6] = ["b", "i", "u", "s", "url", "user"];

/// Records.
pub static TIMELINE: Noun = Noun {
    access: Access::Rule(&OfTimeline),
    fields: &[
        ID,
        field("typeId", Kind::Integer, "Process").required().immutable().upper_only(),
        field("itemId", Kind::Integer, "Item").required().immutable().upper_only(),
        field("createdTime", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("userId", Kind::User, "Author").stamped(Stamp::CreatedBy),
        field("title", Kind::String, "Title; that of a comment is given").sample("Printed"),
        field("description", Kind::Text, "Text").sample("<b>Two copies</b>"),
        field("action", Kind::String, "What it is about").upper_only(),
        field("isFixed", Kind::Bool, "Pinned").default("N").upper_only(),
        field("data", Kind::Json, "What was done").upper_only(),
        field("files", Kind::File, "Files of a comment").multiple(),
    ],
    faces: &[OWN, FACE, COMMENTS],
    hooks: &Hook,
    ..noun("rpa.timeline", "rpa_timeline", SCOPE, ["record of a timeline", "records of timelines"])
};

/// What the portal itself writes records with. It has no methods.
const OWN: Face =
    Face { verbs: &[], faults: words::faults("Record not found"), ..Face::legacy("rpa.timeline.own") };

const PROCESS: method::Param = optional("typeId", method::Kind::Id, "Process");
const ITEM_ID: method::Param = optional("itemId", method::Kind::Id, "Item");

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    naming: Naming::ItemOriginalUf,
    values: Naming::ItemOriginalUf,
    within: &[("action", RECORD)],
    params: &[
        (&[Verb::Add], PROCESS),
        (&[Verb::Add], ITEM_ID),
        (&[Verb::Update], optional("id", method::Kind::Id, "ID")),
        (&[Verb::Add, Verb::Update], optional("fields", method::Kind::Fields, "Values by field")),
    ],
    samples: || json!({"typeId": 1, "itemId": 1}),
    example: Some("2"),
    deleted: Answer::Nothing,
    about: &[
        (Verb::Add, "Adds a record to the timeline of an item and returns it."),
        (Verb::Update, "Updates a record that the caller added, and returns it."),
        (Verb::Delete, "Deletes a record that the caller added."),
    ],
    faults: words::faults("Record not found"),
    ..Face::controller("rpa.timeline", "timeline", "timeline")
};

const COMMENTS: Face = Face {
    within: &[("action", COMMENT)],
    example: Some("3"),
    added: Answer::RowUnder("comment"),
    one: Answer::RowUnder("comment"),
    changed: Answer::RowUnder("comment"),
    path: "rpa.comment",
    about: &[
        (Verb::Add, "Adds a comment to the timeline of an item and returns it."),
        (Verb::Update, "Updates a comment of the caller, and returns it."),
        (Verb::Delete, "Deletes a comment of the caller."),
    ],
    faults: words::faults("Comment not found"),
    ..FACE
};

/// The methods beyond those of its faces.
pub fn methods() -> Vec<Method> {
    vec![
        read("rpa.timeline.listForItem", SCOPE, list)
            .controller()
            .about("Lists the timeline of an item, the newest first, 50 per page.")
            .param(PROCESS)
            .param(ITEM_ID)
            .param(optional(
                "start",
                method::Kind::Int,
                "Offset of the first row; -1 skips counting the total",
            ))
            .example(
                json!({"typeId": 1, "itemId": 1}),
                json!({"timeline": [{"action": COMMENT}, {"action": false}, {"action": ADDED}]}),
            ),
        write("rpa.timeline.updateIsFixed", SCOPE, pin)
            .controller()
            .about("Pins a record, or takes the pin away, and returns it.")
            .param(optional("id", method::Kind::Id, "ID"))
            .param(optional("isFixed", method::Kind::Flag, "Whether it is pinned"))
            .example(json!({"id": 2, "isFixed": "Y"}), json!({"timeline": {"id": 2, "isFixed": true}})),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let item = item::named(call, "itemId", Act::Read)?;
    let scope = TIMELINE.grant(call, Act::Read)?;
    let of = "t.type_id = ? AND t.item_id = ?".to_owned();
    let asked = Asked {
        within: Some((of, vec![process_of(&item).into(), item.number.into()])),
        order: Some(Order::default().by("t.id", "DESC")),
        ..Asked::default()
    };
    let rows = noun::asked(call, &TIMELINE, &scope, asked)?;
    Ok(Value::under("timeline", noun::listed(call, &TIMELINE, &FACE, &rows)?))
}

fn pin(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.param("id").cloned().unwrap_or_default();
    let row = noun::find(call, &TIMELINE, &OWN, Act::Read, &[id])?;
    if !rights::has(call, process_of(&row), &[rights::ITEMS]) {
        return Err(OWN.faults.unwritable.fault().into());
    }
    let pinned =
        call.param("isFixed").and_then(Value::as_flag).ok_or_else(|| (OWN.faults.invalid)("isFixed"))?;
    let given = Map::from([("IS_FIXED", pinned.into())]);
    let row = noun::amend(call, &TIMELINE, &OWN, row.number, &given)?.unwrap_or(row);
    Ok(Value::under("timeline", noun::show(call, &TIMELINE, &FACE, &row)?))
}

/// Writes down that an item was added, or moved and changed.
///
/// # Errors
/// Those of the store.
pub fn follow(call: &mut Call<'_, '_>, old: Option<&Row>, row: &Row) -> Result<()> {
    let mut data = json!({"item": {"name": item::name(row)}, "scope": "rest"});
    let of = (process_of(row), row.number);
    let Some(old) = old else { return put(call, of, ADDED, TITLES[1], data) };
    let (from, to) = (old.int("stageId").unwrap_or(0), row.int("stageId").unwrap_or(0));
    let changed: Vec<Json> = row
        .table()
        .fields
        .iter()
        .filter(|field| field.user.is_some() && old.get(&field.code) != row.get(&field.code))
        .map(|field| json!({"name": field.code, "title": field.title}))
        .collect();
    if !changed.is_empty() {
        data["fields"] = changed.into();
    } else if from == to {
        return Ok(());
    }
    if from == to {
        return put(call, of, CHANGED, TITLES[3], data);
    }
    for (name, stage) in [("stageFrom", from), ("stageTo", to)] {
        data[name] = json!({"id": stage, "name": stage::name(call, stage)?});
    }
    put(call, of, MOVED, TITLES[2], data)
}

/// Writes down that a task on an item of a process was done.
///
/// # Errors
/// Those of the store.
pub fn done(call: &mut Call<'_, '_>, of: (i64, i64), data: Json) -> Result<()> {
    put(call, of, DONE, TITLES[4], data)
}

/// Adds a record of the portal's own about an item of a process.
fn put(
    call: &mut Call<'_, '_>,
    (process, item): (i64, i64),
    action: &str,
    title: &str,
    data: Json,
) -> Result<()> {
    let row = Map::from([
        ("TYPE_ID", process.into()),
        ("ITEM_ID", item.into()),
        ("TITLE", call.portal_name(title).into()),
        ("ACTION", action.into()),
        ("DATA", data.into()),
    ]);
    noun::put(call, &TIMELINE, &row).map(drop)
}

/// Deletes the timelines of all items of a process.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, process: i64) -> Result<()> {
    let of = "t.type_id = ? AND t.files IS NOT NULL";
    for comment in noun::which(call, &TIMELINE, of, vec![process.into()], "")? {
        noun::clear(call, &TIMELINE, &[("id", comment.number.into())])?;
    }
    // Nothing belongs to the others.
    call.tx.execute("DELETE FROM rpa_timeline WHERE type_id = ?", &[process.into()])?;
    Ok(())
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb == Verb::Add { item::named(call, "itemId", Act::Read).map(drop) } else { Ok(()) }
    }

    /// Comments have no title of their own, and other records no files.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        let other = if face.path == COMMENTS.path { "title" } else { "files" };
        if given.get(other).is_some() {
            given.to_mut().remove(other);
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if face.path == OWN.path || old.is_some() {
            return Ok(());
        }
        draft.set("typeId", call.id("typeId"));
        draft.set("itemId", call.id("itemId"));
        if face.path == COMMENTS.path {
            draft.set("title", call.portal_name(TITLES[0]));
        } else {
            draft.set("data", json!({"scope": "rest"}).to_string());
        }
        Ok(())
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let people = People::of(call, rows.iter().filter_map(|row| row.int("userId")))?;
        for (row, map) in rows.iter().zip(shown) {
            let action = row.text("action");
            let is_record = action == RECORD;
            map.remove("files");
            map.insert("typeId", row.int("typeId"));
            map.insert("itemId", row.int("itemId"));
            map.insert("action", if is_record { Value::Bool(false) } else { action.into() });
            map.insert("isFixed", row.int("isFixed") == Some(1));
            map.insert("title", row.text("title"));
            map.insert("description", row.text("description"));
            map.insert("data", Value::from(row.json("data")));
            map.insert("createdTimestamp", row.int("createdTime").unwrap_or(0) * 1000);
            if action == COMMENT {
                let text = row.text("description");
                map.insert(
                    "data",
                    Value::from(json!({"files": row.json("files").as_array().cloned().unwrap_or_default()})),
                );
                map.insert("htmlDescription", bbcode::plain(&bbcode::html(text), &MARKS[4..]));
                map.insert("textDescription", bbcode::plain(text, &MARKS));
            }
            map.insert("users", people.shown(row.int("userId")));
        }
        Ok(())
    }
}
