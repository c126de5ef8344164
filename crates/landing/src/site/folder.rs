//! Folders of sites.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{self, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Stamp, field, noun};
use serde_json::json;
use wire::{Map, Value};

use super::fits;
use crate::access::{self, OnSites, Op, may};
use crate::refusal::{FAULTS, coded, key, letter, marks, members, number, require};
use crate::show::{self, Params};
use crate::{SCOPE, code, scoped};

/// Folders within each other, at most.
pub const DEPTH: usize = 32;

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.folder", "id") };

/// Folders.
pub static FOLDER: Noun = Noun {
    access: Access::Rule(&OnSites),
    fields: &[
        ID,
        field("parentId", Kind::Integer, "Folder above").indexed(),
        field("siteId", Kind::Integer, "Site").required().immutable().indexed(),
        field("indexId", Kind::Integer, "Main page"),
        field("active", Kind::Char, "Published").default("N"),
        field("deleted", Kind::Char, "In the trash").default("N"),
        field("title", Kind::String, "Title").trimmed().required(),
        field("code", Kind::String, "Code"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("landing.folder", "landing_folder", SCOPE, ["folder of a site", "folders of sites"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        fits(draft, &["title"])?;
        if draft.is_given("code") || old.is_none() {
            let given = draft.text("code").unwrap_or_default();
            let made = code::given_or_made(given, draft.text_after(old, "title"));
            code::without_slash(&made, "folder")?;
            draft.set("code", made);
        }
        require_unique(call, draft, old)
    }
}

/// No two folders in the same place have the same code.
fn require_unique(call: &mut Call<'_, '_>, draft: &Draft<'_>, old: Option<&Row>) -> Result<()> {
    let number = |name: &str| draft.int_after(old, name).unwrap_or(0);
    let (site, above, own) = (number("siteId"), number("parentId"), old.map_or(0, |row| row.number));
    let sql = "SELECT id FROM landing_folder WHERE site_id = ? AND COALESCE(parent_id, 0) = ? AND code = ? AND id <> ?";
    let params = [site.into(), above.into(), draft.text_after(old, "code").into(), own.into()];
    match call.tx.one(sql, &params, |row| row.int(0))? {
        Some(_) => Err(coded("FOLDER_IS_NOT_UNIQUE", "A folder with this name exists already.").into()),
        None => Ok(()),
    }
}

fn fields(adding: bool) -> Parameter {
    let title = if adding { required } else { optional };
    let mut members = vec![
        title("TITLE", method::Kind::Text, "Title"),
        optional("CODE", method::Kind::Text, "Code; made of the title when it is empty"),
        optional("PARENT_ID", method::Kind::Int, "Folder above; 0 for none"),
        optional("ACTIVE", method::Kind::Flag, "Published"),
    ];
    if !adding {
        members.push(optional("INDEX_ID", method::Kind::Int, "Main page"));
    }
    required("fields", method::Kind::Fields, "Values by field").with_members(members)
}

const NO_SITE: &str = "Site not found or access to it is denied.";

/// The methods.
pub fn methods() -> Vec<Method> {
    let site = || required("siteId", method::Kind::Id, "Site");
    let folder = || required("folderId", method::Kind::Id, "Folder");
    let mark = || optional("mark", method::Kind::Flag, "false takes it out of the trash");
    vec![
        scoped(write("landing.site.addFolder", SCOPE, add))
            .about("Adds a folder to a site and returns its ID.")
            .param(site())
            .param(fields(true))
            .example(json!({"siteId": 1, "fields": {"TITLE": "Archive"}}), json!("*")),
        scoped(write("landing.site.updateFolder", SCOPE, update))
            .about("Changes a folder of a site.")
            .param(site())
            .param(folder())
            .param(fields(false))
            .example(json!({"siteId": 1, "folderId": 1, "fields": {"TITLE": "Press"}}), json!(true)),
        scoped(read("landing.site.getFolders", SCOPE, list))
            .about("Returns the folders of a site; those in the trash only when the filter asks for them.")
            .param(site())
            .param(optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
            .example(json!({"siteId": 1}), json!([{"ID": "1", "PARENT_ID": null, "CODE": "news"}])),
        scoped(write("landing.site.markFolderDelete", SCOPE, |call| mark_deleted(call, None)))
            .about("Puts a folder with the pages in it into the trash.")
            .param(required("id", method::Kind::Id, "Folder"))
            .param(mark())
            .destroys()
            .example(json!({"id": 1}), json!(true)),
        scoped(write("landing.site.markFolderUnDelete", SCOPE, |call| mark_deleted(call, Some(false))))
            .about("Takes a folder with the pages in it out of the trash.")
            .param(required("id", method::Kind::Id, "Folder"))
            .example(json!({"id": 1}), json!(true)),
        scoped(write("landing.site.publicationFolder", SCOPE, |call| publish(call, None)))
            .about("Publishes a folder and those above it.")
            .param(folder())
            .param(optional("mark", method::Kind::Flag, "false hides them"))
            .example(json!({"folderId": 1}), json!(true)),
        scoped(write("landing.site.unPublicFolder", SCOPE, |call| publish(call, Some(false))))
            .about("Hides a folder and those above it.")
            .param(folder())
            .example(json!({"folderId": 1}), json!(true)),
    ]
}

fn no_folder() -> wire::Fault {
    coded("ACCESS_DENIED", "Folder not found or access to it is denied.")
}

/// The folder above that a request names; `None` for the root.
fn above(call: &mut Call<'_, '_>, given: &Map, site: i64, own: i64) -> Result<Option<i64>> {
    let named = given.get("PARENT_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let Some(id) = named else { return Ok(None) };
    let chain = chain(call, id)?;
    let fits = chain.first().is_some_and(|folder| folder.int("siteId") == Some(site))
        && !chain.iter().any(|folder| folder.number == own);
    if !fits || chain.len() >= DEPTH {
        return Err(no_folder().into());
    }
    Ok(Some(id))
}

/// A folder and those above it, the nearest first.
///
/// # Errors
/// Those of the store.
pub fn chain(call: &mut Call<'_, '_>, folder: i64) -> Result<Vec<Row>> {
    let (mut chain, mut at) = (Vec::new(), folder);
    while at > 0 && chain.len() < DEPTH {
        let Some(row) = noun::again(call, &FOLDER, at)? else { break };
        at = row.int("parentId").unwrap_or(0);
        chain.push(row);
    }
    Ok(chain)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["siteId", "fields"])?;
    let (site, given) = (number(call, "siteId")?, members(call, "fields")?);
    access::require(call, site, Op::Edit, NO_SITE)?;
    Ok(make(call, site, &given)?.into())
}

/// Adds a folder to a site that the caller may change, and gives its number.
///
/// # Errors
/// Those of its fields.
pub fn make(call: &mut Call<'_, '_>, site: i64, given: &Map) -> Result<i64> {
    let mut values = super::add::taken(given, &["TITLE", "CODE"]);
    values.push("SITE_ID", site);
    let above = above(call, given, site, 0)?;
    values.push("PARENT_ID", above);
    values.push("ACTIVE", given.get("ACTIVE").map_or("N", letter));
    Ok(noun::put(call, &FOLDER, &values)?.number)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["siteId", "folderId", "fields"])?;
    let (site, id, given) = (number(call, "siteId")?, number(call, "folderId")?, members(call, "fields")?);
    access::require(call, site, Op::Edit, NO_SITE)?;
    let folder = noun::again(call, &FOLDER, id)?.filter(|folder| folder.int("siteId") == Some(site));
    if folder.is_none() {
        return Err(no_folder().into());
    }
    let mut values = super::add::taken(&given, &["TITLE", "CODE"]);
    let above = above(call, &given, site, id)?;
    values.push("PARENT_ID", above);
    if let Some(active) = given.get("ACTIVE") {
        values.push("ACTIVE", letter(active));
    }
    if let Some(index) = given.get("INDEX_ID").map(|index| index.as_int().unwrap_or(0)) {
        if index > 0 {
            crate::page::require_on(call, index, site)?;
        }
        values.push("INDEX_ID", Some(index).filter(|index| *index > 0));
    }
    noun::amend(call, &FOLDER, &FACE, id, &values)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let site = key(call, "siteId")?;
    let mut filter = members(call, "filter")?;
    show::without_trash(&mut filter);
    // Nothing means the root.
    if filter.get("PARENT_ID").is_some_and(|parent| parent.is_empty() || parent.as_int() == Some(0)) {
        filter.insert("PARENT_ID", Value::Bool(false));
    }
    let scope = FOLDER.grant(call, Act::Read)?;
    let within = ("t.site_id = ?".to_owned(), vec![site.into()]);
    let rows = show::list(call, &FOLDER, &scope, &Params::default(), &filter, Some(within))?;
    Ok(rows.iter().map(|row| show::row(call, &FOLDER, row, &[]).into_value()).collect::<Vec<_>>().into())
}

/// The folder with this number, when the caller may do that with its site.
fn folder(call: &mut Call<'_, '_>, id: i64, op: Op) -> Result<Row> {
    let folder = noun::again(call, &FOLDER, id)?.ok_or_else(no_folder)?;
    if may(call, folder.int("siteId").unwrap_or(0), op)? { Ok(folder) } else { Err(no_folder().into()) }
}

/// A folder and all below it.
///
/// # Errors
/// Those of the store.
pub fn tree(call: &mut Call<'_, '_>, folder: i64) -> Result<Vec<i64>> {
    let (mut found, mut level) = (vec![folder], vec![folder]);
    for _ in 0..DEPTH {
        let mut below = Vec::new();
        for id in level {
            let sql = "SELECT id FROM landing_folder WHERE parent_id = ?";
            below.extend(call.tx.all(sql, &[id.into()], |row| row.int(0))?);
        }
        below.retain(|id| !found.contains(id));
        if below.is_empty() {
            break;
        }
        found.extend(&below);
        level = below;
    }
    Ok(found)
}

fn mark_deleted(call: &mut Call<'_, '_>, mark: Option<bool>) -> Result<Value> {
    let id = key(call, "id")?;
    let folder = folder(call, id, Op::Delete)?;
    let deleted = marks(call, mark);
    let folders = if deleted { tree(call, folder.number)? } else { vec![folder.number] };
    if deleted {
        for id in &folders {
            let sql = "SELECT 1 FROM landing_area a JOIN landing_page p ON p.id = a.landing_id WHERE p.folder_id = ?";
            if call.tx.one(sql, &[(*id).into()], |row| row.int(0))?.is_some() {
                let text = "The folder contains included areas and cannot be deleted.";
                return Err(coded("FOLDER_CONTAINS_AREAS", text).into());
            }
        }
    }
    let mark = yes_no(deleted);
    noun::amend(call, &FOLDER, &FACE, folder.number, &Map::from([("DELETED", mark.into())]))?;
    for id in folders {
        let sql = "UPDATE landing_page SET deleted = ?, active = 'N', public = 'N' WHERE folder_id = ?";
        call.tx.execute(sql, &[mark.into(), id.into()])?;
    }
    Ok(true.into())
}

fn publish(call: &mut Call<'_, '_>, mark: Option<bool>) -> Result<Value> {
    let id = key(call, "folderId")?;
    let folder = folder(call, id, Op::Public)?;
    if folder.text("deleted") == "Y" {
        return Err(no_folder().into());
    }
    let public = marks(call, mark);
    activate(call, id, public)?;
    Ok(true.into())
}

/// Publishes or hides a folder and those above it.
///
/// # Errors
/// Those of the store.
pub fn activate(call: &mut Call<'_, '_>, folder: i64, public: bool) -> Result<()> {
    let values = Map::from([("ACTIVE", yes_no(public).into())]);
    for folder in chain(call, folder)? {
        noun::amend(call, &FOLDER, &FACE, folder.number, &values)?;
    }
    Ok(())
}
