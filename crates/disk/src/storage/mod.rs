//! Storages: `disk.storage.*`. The company has one, and every person and every group; they are made when they are first
//! asked for. Those of chats are for other modules, and in no list.

pub mod gone;
mod made;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, read, required};
use engine::noun::{
    self, Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Seed, Verb, field, noun,
};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::object::{self, OBJECT};
use crate::refusal::{FAULTS, missing, unfit};
use crate::rights::{self, Level};

pub const FACE: Face = Face {
    verbs: &[(Verb::Get, "get"), (Verb::List, "getList")],
    beside: true,
    asks: &["filter", "order"],
    faults: FAULTS,
    ..Face::flat("disk.storage", "id")
};

/// Storages.
pub static STORAGE: Noun = Noun {
    access: Access::Rule(&OfStorages),
    fields: &[
        ID,
        field("name", Kind::String, "Name").required(),
        field("code", Kind::String, "Code"),
        field("moduleId", Kind::String, "Module").default("disk"),
        field("entityType", Kind::String, "Type of the owner").required(),
        field("entityId", Kind::String, "Owner").required(),
        field("rootObjectId", Kind::Integer, "Root folder").read_only(),
        field("ownerId", Kind::Integer, "Number of the owner").camel_only(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("disk.storage", "disk_storage", SCOPE, ["storage", "storages"])
};

/// The company's storage.
pub const SEED: Seed = Seed {
    name: "disk.common",
    names: || [COMPANY].into_iter().chain(Level::ALL.map(|(.., title)| title)).collect(),
    seed: made::company,
};

/// The name of the company's storage.
const COMPANY: &str = "Company drive";

/// The code under which the real system has the company's storage.
const SHARED_FILES: &str = "shared_files_s1";

/// Storages are seen by whom they are for; nobody adds any but the portal itself.
#[derive(Debug)]
struct OfStorages;

impl Rule for OfStorages {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if act != Act::Read {
            return Ok(Grant::Nothing);
        }
        let condition = rights::of_storages(call, "t", Level::Read);
        Ok(Grant::Where(condition.sql, condition.params))
    }
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb == Verb::Get && call.param("id").is_none_or(Value::is_empty) {
            return Err(unfit(0).into());
        }
        made::own(call)
    }

    /// A storage is nothing without the folder that it begins with.
    fn is_copied(&self) -> bool {
        false
    }

    fn within(&self, _: &Face) -> Option<&'static str> {
        Some("t.entity_type <> 'chat'")
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        let kind = draft.text("entityType").unwrap_or_default().to_owned();
        let owner = draft.text("entityId").and_then(|id| id.parse::<i64>().ok()).unwrap_or(0);
        draft.set("ownerId", owner);
        let sql = "INSERT INTO disk_owner (entity_type, owner_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        match call.tx.execute(sql, &[kind.into(), owner.into()])? {
            0 => Err(face.faults.taken.fault().into()),
            _ => Ok(()),
        }
    }

    /// A storage comes with its root folder.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_some() {
            return Ok(());
        }
        let mut root = Map::new();
        root.push("NAME", saved.row.text("name"));
        root.push("STORAGE_ID", saved.row.number);
        root.push("TYPE", object::FOLDER);
        let root = noun::put(call, &OBJECT, &root)?;
        let sql = "UPDATE disk_storage SET root_object_id = ? WHERE id = ?";
        call.tx.execute(sql, &[root.number.into(), saved.row.number.into()])?;
        Ok(())
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("disk.storage.getTypes", SCOPE, |_| {
            Ok(vec![Value::from("user"), "common".into(), "group".into()].into())
        })
        .own_words()
        .about("Lists the types of storages.")
        .example(json!({}), json!(["user", "common", "group"])),
    ]
}

/// The parameter that names a storage.
pub const NAMED: Parameter = required("id", method::Kind::Id, "Storage");

/// The root folder of a storage that a call names.
///
/// # Errors
/// `ERROR_NOT_FOUND` when there is no such storage.
pub fn root(call: &mut Call<'_, '_>) -> Result<i64> {
    let id = call.param("id").filter(|id| !id.is_empty()).ok_or_else(|| unfit(0))?;
    let id = id.as_int().unwrap_or(0);
    made::own(call)?;
    let sql = "SELECT root_object_id FROM disk_storage WHERE id = ?";
    Ok(call.tx.one(sql, &[Param::from(id)], |row| row.int(0))?.ok_or_else(|| missing(id))?)
}
