//! Folders and files: one table, since they share names, numbers and rights. What is in the trash stays a row with a
//! `deletedType`: 3 for what was deleted, 4 for what lies below it.

mod change;
mod children;
mod expiry;
mod face;
mod folder;
mod kept;
pub mod names;
mod place;
mod search;
mod show;
pub mod total;
mod trash;
mod tree;

use std::borrow::Cow;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::method::Method;
use engine::noun::{
    self, Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, Verb, field, noun,
};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::refusal::{FAULTS, missing, unfit};
use crate::rights::{self, Level};

pub use children::forget_id;
pub use expiry::JOB as EXPIRY;
pub use face::{ANY, FILES, FOLDERS, Which};
pub use folder::{RIGHTS, Where, add_folder, data, parent, put_below};
pub use kept::keep;
pub use show::{fresh, shown};
pub use trash::discard;

/// The type of a folder.
pub const FOLDER: &str = "folder";
/// The type of a file.
pub const FILE: &str = "file";

/// Folders that may lie within each other.
pub const DEPTH: i64 = 60;

/// Folders and files.
pub static OBJECT: Noun = Noun {
    access: Access::Rule(&ByFolder),
    fields: &[
        ID,
        field("name", Kind::String, "Name").required(),
        field("code", Kind::String, "Code"),
        field("storageId", Kind::Integer, "Storage").immutable(),
        field("type", Kind::Choice(&[FOLDER, FILE]), "Type").immutable(),
        field("realObjectId", Kind::Integer, "Object behind it").computed(),
        field("parentId", Kind::Integer, "Folder").immutable(),
        field("deletedType", Kind::Integer, "In the trash").default("0").read_only(),
        field("globalContentVersion", Kind::Integer, "Version").immutable(),
        field("fileId", Kind::Integer, "Content").immutable().indexed(),
        field("size", Kind::Integer, "Size in bytes").immutable(),
        field("createTime", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("updateTime", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("deleteTime", Kind::DateTime, "Deleted").read_only().indexed(),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("updatedBy", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("deletedBy", Kind::Integer, "Deleted by").read_only(),
        field("downloadUrl", Kind::String, "Link to the content").computed(),
        field("detailUrl", Kind::String, "Page").computed(),
        // The name as it is compared within a folder, and how often something changed there.
        field("nameKey", Kind::String, "Name in small letters").read_only().camel_only(),
        // What the public link of a folder has to say.
        field("publicMark", Kind::String, "Public link").read_only().camel_only(),
        field("changes", Kind::Integer, "Changes").default("0").read_only().camel_only(),
        field("items", Kind::Integer, "What lies in it").read_only().camel_only(),
    ],
    faces: &[ANY, FILES, FOLDERS, face::CHILDREN, face::STORAGE_CHILDREN, face::TRASH],
    hooks: &Hook,
    ..noun("disk.object", "disk_object", SCOPE, ["file or folder", "files and folders"])
};

/// What the storage and the folders above give, and the rights of the object itself.
#[derive(Debug)]
struct ByFolder;

impl Rule for ByFolder {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let condition = rights::of_objects(call, "t", Level::of(act));
        Ok(Grant::Where(condition.sql, condition.params))
    }

    /// Who sees a folder or a storage sees what lies in it.
    fn opens(&self, call: &mut Call<'_, '_>, face: &Face) -> Result<bool> {
        let Some((_, above)) = face.below else { return Ok(false) };
        let above = call.param(above).and_then(Value::as_int).unwrap_or(0);
        if face::is_trash(face) {
            rights::has_storage(call, above, Level::Read)
        } else {
            rights::has(call, above, Level::Read)
        }
    }

    fn fields(&self) -> &'static [&'static str] {
        &["parentId"]
    }
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        match verb {
            Verb::List => children::admit(call, face),
            _ if call.param("id").is_none_or(Value::is_empty) => Err(unfit(0).into()),
            _ => Ok(()),
        }
    }

    fn within(&self, face: &Face) -> Option<&'static str> {
        // Indexes count on the numbers as they stand here.
        match face.path {
            _ if face::is_trash(face) => Some("t.deleted_type = 3"),
            path => (path != ANY.path).then_some("t.deleted_type = 0"),
        }
    }

    fn total(&self, call: &mut Call<'_, '_>, face: &Face) -> Result<Option<i64>> {
        let folder = call.param(face::PARENT).and_then(Value::as_int).filter(|_| !face::is_trash(face));
        folder.map_or(Ok(None), |folder| total::of(call.tx, folder))
    }

    /// With `GENERATE_UNIQUE_NAME`, which other modules give, a name that is taken gets a number behind it.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() && given.get("GENERATE_UNIQUE_NAME").is_some() {
            let name = given.get("NAME").and_then(Value::text).unwrap_or_default().into_owned();
            let parent = given.get("PARENT_ID").and_then(Value::as_int).unwrap_or(0);
            given.to_mut().insert("NAME", names::free(call, parent, &name)?);
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
        if draft.is_given("name") {
            let name = names::clean(draft.text("name").unwrap_or_default());
            draft.set("nameKey", names::key(&name));
            draft.set("name", (!name.is_empty()).then_some(name));
        }
        if old.is_none() {
            draft.set("deletedType", 0);
            draft.set("changes", 0);
            draft.set("items", 0);
            draft.set_if_empty("type", FILE.to_owned());
        }
        match draft.after(old, "parentId") {
            Param::Int(parent) => {
                let parent = *parent;
                names::place(call, draft, old, parent)
            }
            _ => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            total::change(call.tx, saved.row.int("parentId"), 1)?;
        }
        match (saved.old, saved.row.text("type")) {
            (None, FOLDER) => folder::made(call, saved.row),
            (None, _) => keep(call, saved.row),
            (Some(_), _) => Ok(()),
        }
    }

    /// The contents, rights and attachments of an object go with it. What lies in a folder goes before it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.int("deletedType") == Some(0) {
            total::change(call.tx, row.int("parentId"), -1)?;
        }
        kept::clear(call, row)?;
        files::delete(call.tx, row.int("fileId").as_slice())?;
        for sql in ["DELETE FROM disk_right WHERE object_id = ?", "DELETE FROM disk_path WHERE folder_id = ?"]
        {
            call.tx.execute(sql, &[row.number.into()])?;
        }
        Ok(())
    }

    fn show(&self, call: &mut Call<'_, '_>, _: &Face, rows: &[Row], maps: &mut [Map], _: bool) -> Result<()> {
        show::complete(call, rows, maps)
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    [folder::methods(), change::methods(), trash::methods(), vec![search::method()]]
        .into_iter()
        .flatten()
        .collect()
}

/// The object that a call names, when the caller may do this to it.
///
/// # Errors
/// The refusals of the face.
pub fn named(call: &mut Call<'_, '_>, face: &Face, act: Act) -> Result<Row> {
    let id = call.param("id").filter(|id| !id.is_empty()).cloned().ok_or_else(|| unfit(0))?;
    noun::find(call, &OBJECT, face, act, &[id])
}

/// The object with that number as it is now.
///
/// # Errors
/// `ERROR_NOT_FOUND` when it is not there.
pub fn again(call: &mut Call<'_, '_>, id: i64) -> Result<Row> {
    noun::find(call, &OBJECT, &ANY, Act::Read, &[id.into()]).map_err(|error| error.reworded(|_| missing(id)))
}
