//! Public links to folders: a page that lists what lies in one, with links to the files and to the folders below. A link ends when
//! the folder goes to the trash.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::keys::random_code;
use engine::method::{self, Method, required, write};
use engine::page::{self, Kind, Link, Page, Reader};
use engine::texts::Topic;
use serde_json::json;
use wire::{Value, form};

use crate::SCOPE;
use crate::object::{FOLDER, FOLDERS, named};

/// The page.
pub static PAGE: Kind = Kind { name: "folder", show };

/// What it says of an empty folder, and of one with more than it lists.
pub const TEXTS: [&str; 2] = ["The folder is empty.", "The folder has more than is listed here."];

/// Rows of a page.
const MOST: usize = 1_000;

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        write("disk.folder.getExternalLink", SCOPE, link)
            .own_words()
            .about("Returns the public link to a folder; the first call makes it.")
            .param(required("id", method::Kind::Id, "Folder"))
            .example(json!({"id": 3}), json!("*")),
    ]
}

fn link(call: &mut Call<'_, '_>) -> Result<Value> {
    let folder = named(call, &FOLDERS, Act::Read)?.number;
    let sql = "UPDATE disk_object SET public_mark = ? WHERE id = ? AND public_mark IS NULL";
    call.tx.execute(sql, &[random_code(20).into(), folder.into()])?;
    let sql = "SELECT public_mark FROM disk_object WHERE id = ?";
    let mark = call.tx.one(sql, &[folder.into()], |row| Ok(row.text(0)?.to_owned()))?.unwrap_or_default();
    Ok(page::link(call.core, &PAGE, &query(folder, &mark, folder)).into())
}

/// The page of a folder that lies in the one with the link.
fn query(root: i64, mark: &str, at: i64) -> String {
    format!("id={root}&mark={mark}&at={at}")
}

fn show(reader: &mut Reader<'_, '_>, of: &str) -> Result<Option<Page>> {
    let given = form::decode(of.as_bytes(), &wire::Limits::default());
    let int = |name: &str| given.get(name).and_then(Value::as_int).unwrap_or(0);
    let (root, at) = (int("id"), int("at"));
    let mark = given.get("mark").and_then(Value::text).unwrap_or_default().into_owned();
    let sql = "SELECT f.name FROM disk_object r JOIN disk_path p ON p.ancestor_id = r.id \
               JOIN disk_object f ON f.id = p.folder_id \
               WHERE r.id = ? AND r.public_mark = ? AND f.id = ? AND r.deleted_type = 0 AND f.deleted_type = 0";
    let params = [root.into(), mark.as_str().into(), at.into()];
    let Some(title) = reader.tx.one(sql, &params, |row| Ok(row.text(0)?.to_owned()))? else {
        return Ok(None);
    };
    let mut page = Page { title, ..Page::default() };
    for object in objects(reader, at)? {
        let to = match object.kind.as_str() {
            FOLDER => page::link(reader.core, &PAGE, &query(root, &mark, object.id)),
            _ => files::link(reader.core, object.file, reader.now),
        };
        page.links.push(Link { to, text: object.name, beside: object.size });
    }
    let said = match page.links.len() {
        0 => Some(TEXTS[0]),
        count if count > MOST => Some(TEXTS[1]),
        _ => None,
    };
    page.links.truncate(MOST);
    page.lines.extend(said.map(|text| reader.locale.text(Topic::Names, text).to_owned()));
    Ok(Some(page))
}

/// What lies in a folder.
struct Object {
    id: i64,
    kind: String,
    name: String,
    file: i64,
    size: String,
}

/// Folders first, by their names; one more than a page has, if there are more.
fn objects(reader: &mut Reader<'_, '_>, folder: i64) -> Result<Vec<Object>> {
    let sql = format!(
        "SELECT id, type, name, file_id, size FROM disk_object WHERE parent_id = ? AND deleted_type = 0 \
         ORDER BY type DESC, name_key, id LIMIT {}",
        MOST + 1
    );
    Ok(reader.tx.all(&sql, &[folder.into()], |row| {
        let kind = row.text(1)?.to_owned();
        let size = row.opt_int(4)?.filter(|_| kind != FOLDER);
        Ok(Object {
            id: row.int(0)?,
            name: row.text(2)?.to_owned(),
            file: row.opt_int(3)?.unwrap_or(0),
            size: size.map(|size| format!("{} KB", (size + 1_023) / 1_024)).unwrap_or_default(),
            kind,
        })
    })?)
}
