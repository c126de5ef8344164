//! Processes: `rpa.type.*`.

use engine::call::Call;
use engine::copy::Copying;
use engine::entity::{Kind, schema};
use engine::error::Result;
use engine::method::{self, optional};
use engine::noun::{
    self, Access, Answer, CRUD, Draft, Face, Field, Hooks, ID, Noun, Row, Saved, Stamp, Verb, field, noun,
};
use engine::userfield;
use wire::{Map, Value};

use crate::kept::{self, Processes};
use crate::permission::{self, PERMISSION};
use crate::rights::OfProcess;
use crate::{SCOPE, words};

/// Processes that a portal may have.
const MOST: usize = 200;

/// Processes.
pub static TYPE: Noun = Noun {
    access: Access::Rule(&OfProcess),
    fields: &[
        ID,
        field("title", Kind::String, "Name").trimmed().required().sample("Contracts"),
        field("image", Kind::String, "Picture").sample("list"),
        field("createdBy", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("settings", Kind::Json, "Settings"),
        // Taken, too, and kept apart.
        Field {
            read_only: false,
            ..field("permissions", Kind::Json, "Rights: accessCode, action, permission").computed()
        },
    ],
    faces: &[FACE],
    shared: true,
    example: "1",
    hooks: &Hook,
    ..noun("rpa.type", "rpa_type", SCOPE, ["process", "processes"])
};

/// The methods' spelling.
pub const FACE: Face = Face {
    verbs: CRUD,
    deleted: Answer::Nothing,
    params: &[
        (&[Verb::Update], optional("id", method::Kind::Id, "ID")),
        (&[Verb::Update], optional("fields", method::Kind::Fields, "Values by field")),
    ],
    about: &[
        (Verb::Add, "Adds a process, which has no stages yet, and returns it. For administrators."),
        (
            Verb::Update,
            "Updates the given fields of a process and returns it. Rights are replaced as a whole.",
        ),
        (Verb::Delete, "Deletes a process with its stages, items, timelines and custom fields."),
    ],
    faults: words::faults("Process not found"),
    ..Face::controller("rpa.type", "type", "types")
};

struct Hook;

impl Hooks for Hook {
    fn prepare(&self, call: &mut Call<'_, '_>, _: &Face, _: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
        if old.is_none() && call.meta.section::<Processes>().list.len() >= MOST {
            return Err(words::forbidden("There are too many processes.").into());
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if let Some(given) = saved.given.get("permissions") {
            permission::replace(call, saved.row.number, given)?;
        }
        call.meta_changed()?;
        match kept::table(call, saved.row.number).filter(|_| saved.old.is_none()) {
            Some(entity) => {
                let name = entity.table().to_owned();
                schema::create(call.tx, &schema::Table { name, fields: &entity.fields })
            }
            None => Ok(()),
        }
    }

    /// Processes of another portal get the tables of their items; who may do what there they show.
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        for (process, row) in rows {
            let Some(entity) = kept::number(*process).and_then(|number| copying.meta.fielded(number)) else {
                continue;
            };
            let name = entity.table().to_owned();
            schema::create(copying.tx, &schema::Table { name, fields: &entity.fields })?;
            permission::copy(copying, *process, row.get("permissions").unwrap_or(&Value::Null))?;
        }
        Ok(())
    }

    /// Everything goes with it. Its stages do when it is gone: while it is there, the successful one stays.
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        for belonging in ["rpa.stage", "rpa.fieldSetting", PERMISSION.name] {
            let belonging = call.core.modules.noun_named(belonging);
            noun::clear(call, belonging, &[("typeId", row.number.into())])?;
        }
        if let Some(entity) = kept::table(call, row.number) {
            userfield::forget(call, &entity)?;
            call.tx.execute(&format!("DROP TABLE {}", entity.table()), &[])?;
        }
        call.meta_changed()
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let mut permissions = permission::of(call, &numbers)?;
        for (row, map) in rows.iter().zip(shown) {
            map.insert("permissions", permissions.remove(&row.number).unwrap_or_default());
            for (name, nothing) in [("settings", Value::List(Vec::new())), ("image", "".into())] {
                if map.get(name) == Some(&Value::Null) {
                    map.insert(name, nothing);
                }
            }
        }
        Ok(())
    }
}
