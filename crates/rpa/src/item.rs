//! Items of processes: `rpa.item.*`. The fields that people see are custom fields of the process; what else there is says where an
//! item stands and who brought it there.

use std::borrow::Cow;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::method::{self, optional, required};
use engine::noun::{
    self, Access, Answer, CRUD, Draft, Face, Hooks, ID, Noun, Row, Saved, Stamp, Verb, field, noun,
};
use serde_json::json;
use store::Param;
use wire::{Map, Text, Value};

use crate::people::People;
use crate::process::{self, TYPE};
use crate::rights::{OfItem, process_of};
use crate::{SCOPE, kept, rule, stage, task, timeline, words};

/// Groups within groups of a filter that are looked through for `tasks`: more than a filter may have.
const DEPTH: usize = 20;

/// Items. Each process has a table of them.
pub static ITEM: Noun = Noun {
    access: Access::Rule(&OfItem),
    fields: &[
        ID,
        field("stageId", Kind::Noun("rpa.stage"), "Stage").indexed(),
        field("previousStageId", Kind::Integer, "Previous stage").read_only(),
        field("name", Kind::String, "Name").computed(),
        field("typeId", Kind::Integer, "Process").read_only(),
        field("createdBy", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("updatedBy", Kind::User, "Updated by").stamped(Stamp::ChangedBy),
        field("movedBy", Kind::User, "Moved by").read_only(),
        field("createdTime", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("updatedTime", Kind::DateTime, "Updated").stamped(Stamp::Changed),
        field("movedTime", Kind::DateTime, "Moved").read_only(),
        field("detailUrl", Kind::String, "Page").computed(),
    ],
    faces: &[FACE],
    tables: Some(kept::named),
    hooks: &Hook,
    ..noun("rpa.item", "rpa_item", SCOPE, ["item of a process", "items of processes"])
};

/// The methods' spelling.
pub const FACE: Face = Face {
    verbs: CRUD,
    naming: Naming::ItemOriginalUf,
    values: Naming::ItemOriginalUf,
    below: Some(("typeId", "typeId")),
    params: &[
        (&[Verb::Add, Verb::Delete], required("typeId", method::Kind::Id, "Process")),
        (&[Verb::Get, Verb::List, Verb::Update], optional("typeId", method::Kind::Id, "Process")),
        (&[Verb::Get, Verb::Update], optional("id", method::Kind::Id, "ID")),
        (
            &[Verb::Add],
            optional("fields", method::Kind::Fields, "Values of custom fields; others are passed over"),
        ),
        (&[Verb::Update], required("fields", method::Kind::Fields, "stageId and values of custom fields")),
    ],
    samples: || json!({"typeId": 1, "fields": {"UF_RPA_1_NAME": "Two weeks in August"}}),
    asks: &["filter", "order"],
    strict: true,
    deleted: Answer::Nothing,
    about: &[
        (Verb::Add, "Adds an item to the first stage of a process and returns it."),
        (Verb::Get, "Returns an item of a process."),
        (Verb::List, "Lists items of a process by filter, 50 per page."),
        (
            Verb::Update,
            "Updates the given fields of an item, which may move it to another stage, and returns it.",
        ),
        (Verb::Delete, "Deletes an item of a process with its timeline."),
    ],
    faults: words::faults("Item not found"),
    ..Face::controller("rpa.item", "item", "items")
};

/// The item that a request names, when the caller may do this to it.
///
/// # Errors
/// That the process or the item is not there, or not for the caller.
pub fn named(call: &mut Call<'_, '_>, id: &'static str, act: Act) -> Result<Row> {
    require_process(call)?;
    let key = [call.param(id).cloned().unwrap_or_default()];
    noun::find(call, &ITEM, &FACE, act, &key)
}

/// Refuses a request that names no process that the caller sees.
fn require_process(call: &mut Call<'_, '_>) -> Result<()> {
    let process = call.id("typeId").into();
    noun::find(call, &TYPE, &process::FACE, Act::Read, &[process]).map(drop)
}

/// What an item is called: the value of its field `UF_RPA_.._NAME`, or else after the process.
pub fn name(row: &Row) -> String {
    match row.text(&format!("UF_RPA_{}_NAME", process_of(row))) {
        "" => format!("{} #{}", row.table().title, row.number),
        name => name.to_owned(),
    }
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        require_process(call)?;
        if verb == Verb::List {
            let filter = call.fields("filter").into();
            if mentions_tasks(&filter, DEPTH) {
                let own = task::items_with_own(call, call.id("typeId"))?;
                call.params.insert("filter", without_tasks(&filter, &own, DEPTH));
            }
        }
        Ok(())
    }

    /// Where a new item stands, nobody chooses.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() && given.get("stageId").is_some() {
            given.to_mut().remove("stageId");
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let process = draft.int_after(old, "typeId").unwrap_or(0);
        let before = old.and_then(|old| old.int("stageId"));
        let stage = match (old, draft.int("stageId")) {
            (None, _) => {
                let first = stage::in_order(call, process)?.first().copied();
                first.ok_or_else(|| words::forbidden("The process has no stages."))?
            }
            (Some(_), Some(wanted)) => stage::of_process(call, process, wanted)?.number,
            (Some(_), None) => {
                draft.leave("stageId");
                return Ok(());
            }
        };
        if before == Some(stage) {
            return Ok(());
        }
        stage::hold(call, stage)?;
        draft.set("stageId", stage);
        draft.set("previousStageId", before);
        draft.set("movedBy", call.caller.user_id);
        draft.set("movedTime", call.now.seconds());
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        timeline::follow(call, saved.old, saved.row)?;
        match saved.old.and_then(|old| old.int("stageId")) == saved.row.int("stageId") {
            true => Ok(()),
            false => rule::start(call, saved.row),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        task::clear(call, row)?;
        let of = [("typeId", process_of(row).into()), ("itemId", Param::from(row.number))];
        noun::clear(call, &timeline::TIMELINE, &of)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            map.insert("name", name(row));
            map.insert("detailUrl", format!("/rpa/item/{}/{}/", process_of(row), row.number));
            if !whole {
                continue;
            }
            let people = ["createdBy", "updatedBy", "movedBy"].into_iter().filter_map(|name| row.int(name));
            for (name, value) in task::summary(call, row)? {
                map.insert(name, value);
            }
            map.insert("users", People::of(call, people.clone())?.shown(people));
        }
        Ok(())
    }
}

/// Whether a filter asks for items with or without tasks of the caller.
fn mentions_tasks(filter: &Value, depth: usize) -> bool {
    depth > 0 && filter.entries().any(|(key, value)| key == "tasks" || mentions_tasks(value, depth - 1))
}

/// A filter in which `tasks` is a condition on the number; `own` are those of the items on which the caller has tasks.
fn without_tasks(filter: &Value, own: &[i64], depth: usize) -> Value {
    if !filter.is_array() || depth == 0 {
        return filter.clone();
    }
    let numbers = || Value::List(own.iter().copied().chain([0]).map(Value::Int).collect());
    let tests = filter.entries().map(|(key, value)| match (&*key, value.as_str()) {
        ("tasks", Some("has_tasks")) => (Text::const_new("@id"), numbers()),
        ("tasks", Some("no_tasks")) => (Text::const_new("!@id"), numbers()),
        _ => (Text::new(key), without_tasks(value, own, depth - 1)),
    });
    Value::Map(tests.collect())
}
