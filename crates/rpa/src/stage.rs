//! Stages of processes: `rpa.stage.*`. Items begin on the first; final stages, good or bad, stand behind all others.

use engine::access::Act;
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, optional, required};
use engine::noun::{self, Access, Answer, Draft, Face, Hooks, ID, Noun, Row, Rows, Verb, field, noun};
use serde_json::json;
use wire::order::Direction;
use wire::{Map, Value};

use crate::process::{self, TYPE};
use crate::rights::{self, process_of};
use crate::{SCOPE, kept, rule, words};

/// Stages that a process may have.
const MOST: i64 = 100;

/// The meanings of final stages, in the order of `semantic`; others have none.
const SUCCESS: &str = "SUCCESS";
const FAIL: &str = "FAIL";

/// The order of stages: those without a meaning come first.
const ORDER: &str = "t.semantic, t.sort, t.id";

/// Stages.
pub static STAGE: Noun = Noun {
    access: Access::Through("typeId"),
    fields: &[
        ID,
        field("name", Kind::String, "Name").trimmed().required().sample("In review"),
        field("code", Kind::String, "Symbol code").never_null(),
        field("color", Kind::String, "Color, as six hexadecimal digits").default("22B9FF").sample("FFA900"),
        field("sort", Kind::Integer, "Sort index").default("1000").sample("2000"),
        field("semantic", Kind::String, "SUCCESS, FAIL or nothing").never_null(),
        field("typeId", Kind::Noun("rpa.type"), "Process").required().immutable().indexed().sample("1"),
        field("revision", Kind::Integer, "Revision").read_only().hidden(),
    ],
    faces: &[LIST, FACE],
    example: "3",
    hooks: &Hook,
    ..noun("rpa.stage", "rpa_stage", SCOPE, ["stage", "stages"])
};

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::Get, "get"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    added: Answer::Row,
    one: Answer::Row,
    changed: Answer::Row,
    deleted: Answer::Nothing,
    params: &[
        (&[Verb::Update], optional("id", method::Kind::Id, "ID")),
        (&[Verb::Update], optional("fields", method::Kind::Fields, "Values by field")),
    ],
    about: &[
        (Verb::Get, "Returns a stage, with what items may do there."),
        (Verb::Update, "Updates the given fields of a stage and returns it. A successful one stays that."),
        (Verb::Delete, "Deletes a stage on which no items are, unless it is the successful one."),
    ],
    faults: words::faults("Stage not found"),
    ..Face::controller("rpa.stage", "stage", "stages")
};

/// The list of a process's stages.
const LIST: Face = Face {
    verbs: &[(Verb::List, "listForType")],
    below: Some(("typeId", "typeId")),
    params: &[(&[Verb::List], required("typeId", method::Kind::Id, "Process"))],
    samples: || json!({"typeId": 1}),
    asks: &[],
    order: &[("semantic", Direction::Asc), ("sort", Direction::Asc)],
    many: Rows::Under("stages"),
    about: &[(Verb::List, "Lists the stages of a process in their order, final ones last, 50 per page.")],
    ..FACE
};

/// The stage of a process that a request names; the refusal of another.
///
/// # Errors
/// That the process has no such stage.
pub fn of_process(call: &mut Call<'_, '_>, process: i64, stage: i64) -> Result<Row> {
    let found = noun::again(call, &STAGE, stage)?.filter(|row| process_of(row) == process);
    Ok(found.ok_or_else(|| FACE.faults.missing.fault())?)
}

/// What a stage is called; nothing for one that is gone.
///
/// # Errors
/// Those of the store.
pub fn name(call: &mut Call<'_, '_>, stage: i64) -> Result<String> {
    Ok(noun::again(call, &STAGE, stage)?.map_or_else(String::new, |row| row.text("name").to_owned()))
}

/// The numbers of a process's stages in their order.
///
/// # Errors
/// Those of the store.
pub fn in_order(call: &mut Call<'_, '_>, process: i64) -> Result<Vec<i64>> {
    let sql = format!("SELECT t.id FROM rpa_stage t WHERE t.type_id = ? ORDER BY {ORDER}");
    Ok(call.tx.all(&sql, &[process.into()], |row| row.int(0))?)
}

/// Sees to it that a stage stays while an item comes to it.
///
/// # Errors
/// Those of the store.
pub fn hold(call: &mut Call<'_, '_>, stage: i64) -> Result<()> {
    noun::claim(call, &STAGE, stage)
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        // An empty list would say that the process has no stages.
        if verb == Verb::List {
            let process = call.id("typeId").into();
            noun::find(call, &TYPE, &process::FACE, Act::Read, &[process])?;
        }
        Ok(())
    }

    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, _: &[(i64, Map)]) -> Result<()> {
        // Those without a meaning come first.
        copying.tx.execute("UPDATE rpa_stage SET semantic = '' WHERE semantic IS NULL", &[])?;
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(color) =
            draft.text("color").map(|color| color.trim_start_matches('#').to_ascii_uppercase())
        {
            if color.len() != 6 || !color.bytes().all(|letter| letter.is_ascii_hexdigit()) {
                return Err((FACE.faults.invalid)("color").into());
            }
            draft.set("color", color);
        }
        let (before, after) = (old.map_or("", |old| old.text("semantic")), draft.text_after(old, "semantic"));
        if !["", SUCCESS, FAIL].contains(&after) {
            return Err((FACE.faults.invalid)("semantic").into());
        }
        if before == SUCCESS && after != SUCCESS {
            return Err(words::forbidden("The successful stage of a process stays that.").into());
        }
        let process = draft.int_after(old, "typeId").unwrap_or(0);
        if before != SUCCESS && after == SUCCESS {
            let values = [("typeId", process.into()), ("semantic", SUCCESS.into())];
            if noun::has(call, &STAGE, &values)? {
                return Err(words::forbidden("The process has a successful stage already.").into());
            }
        }
        if old.is_none() && in_order(call, process)?.len() as i64 >= MOST {
            return Err(words::forbidden("The process has too many stages.").into());
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let process = process_of(row);
        // With its process every stage goes.
        if noun::again(call, &TYPE, process)?.is_some() {
            if row.text("semantic") == SUCCESS {
                return Err(words::forbidden("The successful stage cannot be deleted.").into());
            }
            hold(call, row.number)?;
            if holds_items(call, process, row.number)? {
                return Err(words::forbidden("There are items on the stage.").into());
            }
        }
        rule::clear(call, process, row.number)?;
        let settings = call.core.modules.noun_named("rpa.fieldSetting");
        noun::clear(call, settings, &[("stageId", row.number.into())])
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        // All of them are stages of one process.
        let process = rows.first().map_or(0, process_of);
        let stages = in_order(call, process)?;
        let open = rights::has(call, process, &[rights::ITEMS]);
        for (row, map) in rows.iter().zip(shown) {
            let semantic = row.text("semantic");
            map.insert("semantic", Some(semantic).filter(|semantic| !semantic.is_empty()));
            map.insert("isFirst", stages.first() == Some(&row.number));
            map.insert("isSuccess", semantic == SUCCESS);
            map.insert("isFail", semantic == FAIL);
            if !whole {
                continue;
            }
            let rules = rule::of_stage(call, process, row.number)?;
            map.insert("tasks", rule::shown(call, &rules)?);
            map.insert("robotsCount", rules.len() as i64);
            map.insert(
                "possibleNextStages",
                stages.iter().map(|stage| Value::Int(*stage)).collect::<Vec<_>>(),
            );
            map.insert("permissions", Value::from(json!({"droppable": open, "canMoveFrom": open})));
        }
        Ok(())
    }
}

fn holds_items(call: &mut Call<'_, '_>, process: i64, stage: i64) -> Result<bool> {
    let Some(items) = kept::table(call, process) else { return Ok(false) };
    let sql = format!("SELECT id FROM {} WHERE stage_id = ? LIMIT 1", items.table());
    Ok(call.tx.one(&sql, &[stage.into()], |row| row.int(0))?.is_some())
}
