//! Versions: every content that a file has had, and the one that it has.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files::{self, ticket};
use engine::method::{self, Method, required, write};
use engine::noun::{self, Access, Face, Grant, Hooks, ID, Noun, Row, Rule, Stamp, Verb, field, noun};
use serde_json::json;
use wire::order::Direction;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::object::{self, FILES};
use crate::refusal::{FAULTS, unfit};
use crate::rights::{self, Condition, Level};
use crate::upload::{self, Brought};

/// What versions are written with.
pub const FACE: Face =
    Face { verbs: &[(Verb::Get, "get")], faults: FAULTS, ..Face::flat("disk.version", "id") };

/// The versions of a file, the newest first.
const OF_FILE: Face = Face {
    verbs: &[(Verb::List, "getVersions")],
    beside: true,
    asks: &["filter"],
    below: Some(("objectId", "object")),
    order: &[("id", Direction::Desc)],
    params: &[(&[Verb::List], required("id", method::Kind::Id, "File"))],
    samples: || json!({"id": 4}),
    about: &[(Verb::List, "Lists the versions of a file, the newest first, 50 per page.")],
    faults: FAULTS,
    ..Face::flat("disk.file", "id")
};

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
    faces: &[FACE, OF_FILE],
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
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if call.param("id").is_none_or(Value::is_empty) {
            return Err(unfit(0).into());
        }
        if verb == Verb::List {
            let file = object::named(call, &FILES, Act::Read)?;
            object::forget_id(call);
            call.params.insert("object", file.number);
        }
        Ok(())
    }

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

/// The methods.
pub fn methods() -> Vec<Method> {
    let file = || required("id", method::Kind::Id, "File");
    vec![
        write("disk.file.uploadVersion", SCOPE, upload)
            .own_words()
            .about("Gives a file a new content and returns it; the old content stays as a version.")
            .param(file())
            .param(method::Param { required: true, ..upload::param() })
            .example(
                json!({"id": 4, "fileContent": ["chairs.txt", "VGhpcnR5"]}),
                json!({"GLOBAL_CONTENT_VERSION": "2"}),
            ),
        write("disk.file.restoreFromVersion", SCOPE, restore)
            .own_words()
            .about("Gives a file the content of one of its versions, as a new version, and returns it.")
            .param(file())
            .param(required("versionId", method::Kind::Id, "Version"))
            .example(json!({"id": 4, "versionId": 1}), json!({"GLOBAL_CONTENT_VERSION": "2"})),
    ]
}

fn upload(call: &mut Call<'_, '_>) -> Result<Value> {
    let file = object::named(call, &FILES, Act::Update)?;
    let Some(brought) = Brought::read(call)? else { return ticket::issue(call) };
    let content = brought.keep(call, file.text("name"))?;
    replace(call, &file, content)
}

fn restore(call: &mut Call<'_, '_>) -> Result<Value> {
    let file = object::named(call, &FILES, Act::Delete)?;
    let id = call.param("versionId").and_then(Value::as_int).ok_or_else(|| unfit(1))?;
    let version = noun::find(call, &VERSION, &FACE, Act::Read, &[id.into()])?;
    if version.int("objectId") != Some(file.number) {
        return Err(Fault::new(400, "DISK_FILE_22004", "Cannot restore version from another file").into());
    }
    let lost = || Fault::new(400, "DISK_FILE_22003", "Could not copy file");
    let content = files::copy(call, version.int("fileId").unwrap_or(0))?.ok_or_else(lost)?;
    replace(call, &file, (content, version.int("size").unwrap_or(0)))
}

/// Gives a file a content, of which the number and the size are known. The file keeps its number, so that links to it lead to
/// the new content, and the old one goes to the version that had it.
fn replace(call: &mut Call<'_, '_>, file: &Row, (content, size): (i64, i64)) -> Result<Value> {
    let current = file.int("fileId").unwrap_or(0);
    files::exchange(call.tx, current, content)?;
    files::rename(call.tx, content, file.text("name"))?;
    let sql = "UPDATE disk_version SET file_id = ? WHERE object_id = ? AND file_id = ?";
    call.tx.execute(sql, &[content.into(), file.number.into(), current.into()])?;
    let sql = "UPDATE disk_object SET size = ?, global_content_version = COALESCE(global_content_version, 0) + 1, \
               update_time = ?, updated_by = ? WHERE id = ?";
    let params = [size.into(), call.now.seconds().into(), call.caller.user_id.into(), file.number.into()];
    call.tx.execute(sql, &params)?;
    let file = object::again(call, file.number)?;
    object::keep(call, &file)?;
    Ok(object::shown(call, &file)?.into_value())
}
