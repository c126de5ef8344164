//! Files of posts and comments: they are kept on the author's drive and attached. Requests bring them, `["plan.txt", content]`,
//! or name a file of the drive with an `n` in front, `n428`, and an attachment that is there by its bare number.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::noun::{self, Noun, Row};
use store::Param;
use wire::{Map, Value};

/// Attachments that one post or comment has at most.
pub const MOST: usize = 100;

/// What files are attached to: the type, and the noun.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    kind: &'static str,
    noun: &'static str,
}

/// Posts.
pub const POSTS: Host = Host { kind: "post", noun: "feed.post" };
/// Comments.
pub const COMMENTS: Host = Host { kind: "comment", noun: "feed.comment" };

/// The files that a request brings, and the attachments that it takes away.
#[derive(Debug, Default)]
pub struct Given {
    /// Names and contents in base64.
    pub new: Vec<(String, String)>,
    /// Attachments.
    pub gone: Vec<i64>,
}

impl Given {
    /// Reads `FILES`.
    pub fn read(given: &Value) -> Self {
        let mut read = Given::default();
        // A single file may stand for the list of it.
        if let Some(file) = one(given) {
            read.new.push(file);
            return read;
        }
        for (key, file) in given.entries() {
            match file.as_str() {
                Some("del") => read.gone.extend(key.parse::<i64>().ok()),
                _ => read.new.extend(one(file)),
            }
        }
        read
    }
}

/// A name and a content.
fn one(given: &Value) -> Option<(String, String)> {
    let part = |names: [&str; 2]| names.into_iter().find_map(|name| given.get(name)?.as_str());
    let (name, content) = (part(["0", "name"])?, part(["1", "content"])?);
    (!name.trim().is_empty()).then(|| (name.to_owned(), content.to_owned()))
}

fn attachments(call: &Call<'_, '_>) -> Option<&'static Noun> {
    call.core.modules.noun("disk.attached").map(|shape| shape.noun)
}

/// Puts new files on the drive of the caller and attaches them.
///
/// # Errors
/// Those of the drive; the end of a run whose contents have to be stored first.
pub fn bring(call: &mut Call<'_, '_>, host: Host, to: i64, new: &[(String, String)]) -> Result<()> {
    if attachments(call).is_none() || new.is_empty() {
        return Ok(());
    }
    files::announce(call, new.iter().map(|(_, content)| Content::Base64(content)))?;
    let folder = drive(call)?;
    for (name, content) in new {
        let content = Content::Base64(content);
        let file = files::put(call, &NewFile { name, content_type: None, content })?;
        let size = files::find(call.tx, file)?.map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
        let objects = call.core.modules.noun_named("disk.object");
        let mut object = Map::with_capacity(7);
        object.push("NAME", name.as_str());
        object.push("GENERATE_UNIQUE_NAME", true);
        object.push("TYPE", "file");
        object.push("PARENT_ID", folder);
        object.push("GLOBAL_CONTENT_VERSION", 1);
        object.push("FILE_ID", file);
        object.push("SIZE", size);
        let object = noun::put(call, objects, &object)?.number;
        attach(call, host, to, object)?;
    }
    Ok(())
}

/// The root folder of the caller's own drive, which is made if need be.
fn drive(call: &mut Call<'_, '_>) -> Result<i64> {
    let storages = call.core.modules.noun_named("disk.storage");
    let me = call.caller.user_id;
    let scope = storages.grant(call, Act::Read)?;
    let own = vec![Param::from(me.to_string())];
    let condition = "t.entity_type = 'user' AND t.entity_id = ?";
    let root = |row: Row| row.int("rootObjectId");
    let there = noun::select(call, storages, &scope, condition, own, " ORDER BY t.id LIMIT 1")?.pop();
    if let Some(root) = there.and_then(root) {
        return Ok(root);
    }
    let mut storage = Map::with_capacity(3);
    storage.push("NAME", directory::name_of(call.tx, me)?.unwrap_or_default());
    storage.push("ENTITY_TYPE", "user");
    storage.push("ENTITY_ID", me.to_string());
    let made = noun::put(call, storages, &storage)?.number;
    let made = noun::again(call, storages, made)?.and_then(root);
    Ok(made.ok_or_else(|| crate::refusal("The drive is not there"))?)
}

/// Attaches a file of the drive that the caller may read.
fn attach(call: &mut Call<'_, '_>, host: Host, to: i64, object: i64) -> Result<()> {
    let Some(noun) = attachments(call) else { return Ok(()) };
    let mut given = Map::with_capacity(4);
    given.push("OBJECT_ID", object);
    given.push("MODULE_ID", "feed");
    given.push("ENTITY_TYPE", host.kind);
    given.push("ENTITY_ID", to);
    noun::put(call, noun, &given).map(drop)
}

/// Makes these the attachments of something: new ones by their files, old ones by their own numbers; the others go.
///
/// # Errors
/// Of a file that the caller may not read.
pub fn replace(call: &mut Call<'_, '_>, host: Host, to: i64, given: &Value) -> Result<()> {
    let old: Vec<i64> = of(call, host, &[to])?.iter().map(|row| row.number).collect();
    let mut kept = Vec::new();
    for one in given.each().filter_map(Value::text).take(MOST) {
        match one.trim().strip_prefix('n') {
            Some(object) => attach(call, host, to, object.parse().unwrap_or(0))?,
            None => kept.extend(one.trim().parse::<i64>().ok()),
        }
    }
    let Some(noun) = attachments(call) else { return Ok(()) };
    let mut gone = old.into_iter().filter(|id| !kept.contains(id));
    gone.try_for_each(|id| noun::clear(call, noun, &[("id", id.into())]))
}

/// Takes these attachments away, as far as they are of that.
///
/// # Errors
/// Those of the store.
pub fn detach(call: &mut Call<'_, '_>, host: Host, from: i64, gone: &[i64]) -> Result<()> {
    let Some(noun) = attachments(call).filter(|_| !gone.is_empty()) else { return Ok(()) };
    let own: Vec<i64> = of(call, host, &[from])?.iter().map(|row| row.number).collect();
    gone.iter()
        .filter(|id| own.contains(id))
        .try_for_each(|id| noun::clear(call, noun, &[("id", (*id).into())]))
}

/// Takes all attachments of something away that goes.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, host: Host, of: i64) -> Result<()> {
    let Some(noun) = attachments(call) else { return Ok(()) };
    noun::clear(call, noun, &[("host", host.noun.into()), ("entityId", of.into())])
}

/// How many attachments something has.
///
/// # Errors
/// Those of the store.
pub fn count(call: &mut Call<'_, '_>, host: Host, to: i64) -> Result<usize> {
    Ok(of(call, host, &[to])?.len())
}

/// The attachments of these.
fn of(call: &mut Call<'_, '_>, host: Host, of: &[i64]) -> Result<Vec<Row>> {
    let Some(noun) = attachments(call).filter(|_| !of.is_empty()) else { return Ok(Vec::new()) };
    let mut params: Vec<Param<'static>> = vec![host.noun.into()];
    params.extend(of.iter().map(|id| Param::from(*id)));
    let condition = format!("t.host = ? AND t.entity_id IN ({})", store::placeholders(of.len()));
    noun::which(call, noun, &condition, params, " ORDER BY t.id")
}

/// An attachment.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Its number.
    pub id: i64,
    /// The file on the drive.
    pub object: i64,
    /// The name of the file.
    pub name: String,
    /// Its bytes.
    pub size: i64,
    /// A link to its content.
    pub link: String,
    /// When it was attached, Unix seconds.
    pub created: i64,
    /// Who attached it.
    pub author: i64,
}

/// The attachments of these, by what they are attached to.
///
/// # Errors
/// Those of the store.
pub fn shown(call: &mut Call<'_, '_>, host: Host, hosts: &[i64]) -> Result<HashMap<i64, Vec<Attached>>> {
    let mut found: HashMap<i64, Vec<Attached>> = HashMap::new();
    let Some(noun) = attachments(call) else { return Ok(found) };
    let rows = of(call, host, hosts)?;
    let shown = noun::show_all(call, noun, &noun.faces[0], &rows, false)?;
    for (row, map) in rows.iter().zip(shown) {
        let text = |name: &str| map.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let attached = Attached {
            id: row.number,
            object: row.int("objectId").unwrap_or(0),
            name: text("NAME"),
            size: text("SIZE").parse().unwrap_or(0),
            link: text("DOWNLOAD_URL"),
            created: row.int("createTime").unwrap_or(0),
            author: row.int("createdBy").unwrap_or(0),
        };
        found.entry(row.int("entityId").unwrap_or(0)).or_default().push(attached);
    }
    Ok(found)
}

/// Whether a file is a picture, by the ending of its name.
pub fn is_image(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "heic")
}
