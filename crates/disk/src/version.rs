//! Versions: every content that a file has had, and the one that it has.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::noun::{self, Access, Face, Grant, Hooks, ID, Noun, Row, Rule, Stamp, field, noun};
use wire::Map;

use crate::SCOPE;
use crate::refusal::FAULTS;
use crate::rights::{self, Condition, Level};

/// What versions are written with.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("disk.version", "id") };

/// Versions of files.
pub static VERSION: Noun = Noun {
    access: Access::Rule(&OfObject("t.object_id")),
    fields: &[
        ID,
        field("objectId", Kind::Integer, "File").required().immutable().indexed(),
        field("fileId", Kind::Integer, "Content").required().immutable().indexed(),
        field("size", Kind::Integer, "Size in bytes").immutable(),
        field("name", Kind::String, "Name").immutable(),
        field("globalContentVersion", Kind::Integer, "Version").immutable(),
        field("createTime", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("downloadUrl", Kind::String, "Link to the content").computed(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("disk.version", "disk_version", SCOPE, ["version of a file", "versions of files"])
};

/// As the object to which a column leads.
#[derive(Debug)]
pub struct OfObject(pub &'static str);

impl Rule for OfObject {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let Condition { sql, params } = rights::of_objects(call, "o", Level::of(act));
        let column = self.0;
        Ok(Grant::Where(
            format!(
                "EXISTS (SELECT 1 FROM disk_object o WHERE o.id = {column} AND o.deleted_type = 0 AND {sql})"
            ),
            params,
        ))
    }
}

struct Hook;

impl Hooks for Hook {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::delete(call.tx, row.int("fileId").as_slice())
    }

    fn show(&self, call: &mut Call<'_, '_>, _: &Face, rows: &[Row], maps: &mut [Map], _: bool) -> Result<()> {
        for (row, map) in rows.iter().zip(maps) {
            map.insert("DOWNLOAD_URL", files::link(call.core, row.int("fileId").unwrap_or(0), call.now));
        }
        Ok(())
    }
}

/// Keeps the content that a file has as a version of it.
///
/// # Errors
/// Those of the store.
pub fn keep(call: &mut Call<'_, '_>, object: &Row) -> Result<()> {
    let mut version = Map::new();
    version.push("OBJECT_ID", object.number);
    version.push("FILE_ID", object.int("fileId").unwrap_or(0));
    version.push("SIZE", object.int("size").unwrap_or(0));
    version.push("NAME", object.text("name"));
    version.push("GLOBAL_CONTENT_VERSION", object.int("globalContentVersion").unwrap_or(1));
    noun::put(call, &VERSION, &version)?;
    Ok(())
}
