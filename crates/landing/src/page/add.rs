//! Adding, changing and deleting pages.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::{PAGE, amend, marks, reach, seen};
use crate::access::{self, Op, may};
use crate::refusal::{coded, empty, key, letter, members, number, require};
use crate::site::{FOLDER, SITE};
use crate::{SCOPE, additional, code, of_page, scoped};

fn fields(adding: bool) -> Parameter {
    let must = if adding { required } else { optional };
    let mut members = vec![
        must("TITLE", method::Kind::Text, "Title"),
        must("SITE_ID", method::Kind::Id, "Site"),
        optional("CODE", method::Kind::Text, "Code; made of the title when it is left out"),
        optional("DESCRIPTION", method::Kind::Text, "Description"),
        optional("XML_ID", method::Kind::Text, "External ID"),
        optional("SITEMAP", method::Kind::Flag, "In the sitemap"),
        optional("FOLDER", method::Kind::Flag, "A folder of pages"),
        optional("FOLDER_ID", method::Kind::Int, "Folder; 0 for none"),
        optional("TPL_ID", method::Kind::Int, "Template"),
        optional("ADDITIONAL_FIELDS", method::Kind::Fields, "Additional fields by code"),
    ];
    if adding {
        members.push(optional("BLOCK_ID", method::Kind::Int, "Block with a menu; it gets no link"));
        members.push(optional("MENU_CODE", method::Kind::Text, "Code of the menu; it gets no link"));
    } else {
        members.push(optional("DELETED", method::Kind::Flag, "In the trash"));
        members.push(optional("DATE_PUBLIC", method::Kind::Text, "Time of publication"));
    }
    required("fields", method::Kind::Fields, "Values by field").with_members(members)
}

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        scoped(write("landing.landing.add", SCOPE, add))
            .about("Adds a page, which is not published, and returns its ID.")
            .param(fields(true))
            .example(json!({"fields": {"TITLE": "Prices", "SITE_ID": 1}}), json!("*")),
        of_page(write("landing.landing.update", SCOPE, update))
            .about("Changes the given fields of a page.")
            .param(fields(false))
            .example(json!({"lid": 1, "fields": {"TITLE": "Welcome"}}), json!(true)),
        of_page(write("landing.landing.delete", SCOPE, delete))
            .about("Deletes a page with its blocks.")
            .example(json!({"lid": 2}), json!(true)),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["fields"])?;
    let given = members(call, "fields")?;
    Ok(make(call, &given)?.number.into())
}

/// Adds a page with these fields.
///
/// # Errors
/// `SITE_NOT_FOUND`, `ACCESS_DENIED`, `FOLDER_NOT_FOUND`, and those of codes.
pub fn make(call: &mut Call<'_, '_>, given: &Map) -> Result<Row> {
    let site = given.get("SITE_ID").and_then(Value::as_int).unwrap_or(0);
    require_site(call, site)?;
    if given.get("TITLE").is_none_or(Value::is_empty) {
        return Err(empty("TITLE").into());
    }
    let mut values = usual(call, given, site)?;
    values.push("SITE_ID", site);
    if let Some(fields) = additional::given(given, None)? {
        values.push("ADDITIONAL_FIELDS", fields);
    }
    let page = noun::put(call, &PAGE, &values)?;
    touch(call, site)?;
    Ok(page)
}

/// A page is added to a site that is there and that the caller may change.
fn require_site(call: &mut Call<'_, '_>, site: i64) -> Result<()> {
    if !may(call, site, Op::Read)? && noun::again(call, &SITE, site)?.is_none() {
        return Err(coded("SITE_NOT_FOUND", "Site not found").into());
    }
    access::require(call, site, Op::Edit, "Access to create the page is denied.")
}

/// The first page of a site is its main page.
fn touch(call: &mut Call<'_, '_>, site: i64) -> Result<()> {
    let sql = "UPDATE landing_site SET landing_id_index = (SELECT MIN(id) FROM landing_page WHERE site_id = ?) \
               WHERE id = ? AND landing_id_index IS NULL";
    call.tx.execute(sql, &[site.into(), site.into()])?;
    Ok(())
}

/// The fields that are given and checked alike in all places.
fn usual(call: &mut Call<'_, '_>, given: &Map, site: i64) -> Result<Map> {
    let mut values = Map::new();
    for name in ["TITLE", "DESCRIPTION", "XML_ID"] {
        if let Some(value) = given.get(name) {
            values.push(name, value.clone());
        }
    }
    for name in ["SITEMAP", "FOLDER"] {
        if let Some(value) = given.get(name) {
            values.push(name, letter(value));
        }
    }
    if let Some(template) = given.get("TPL_ID") {
        values.push("TPL_ID", template.as_int().filter(|id| *id > 0));
    }
    if let Some(code) = given.get("CODE").and_then(Value::text) {
        if code.is_empty() && given.get("FOLDER").is_none() {
            return Err(coded("CANT_BE_EMPTY", "The page address cannot be empty.").into());
        }
        if code::is_dynamic(code.trim()) {
            return Err(coded("WRONG_CODE_FORMAT", "The page address is invalid.").into());
        }
        values.push("CODE", code.into_owned());
    }
    if let Some(folder) = given.get("FOLDER_ID").map(|folder| folder.as_int().unwrap_or(0)) {
        if folder > 0 {
            require_folder(call, folder, site)?;
        }
        values.push("FOLDER_ID", Some(folder).filter(|folder| *folder > 0));
    }
    Ok(values)
}

/// Refuses a folder that is none of the site.
fn require_folder(call: &mut Call<'_, '_>, folder: i64, site: i64) -> Result<()> {
    let of = noun::again(call, &FOLDER, folder)?.and_then(|folder| folder.int("siteId"));
    if of == Some(site) { Ok(()) } else { Err(coded("FOLDER_NOT_FOUND", "Folder not found").into()) }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["lid", "fields"])?;
    let (id, given) = (number(call, "lid")?, members(call, "fields")?);
    let words = "Access to change the page is denied.";
    let page = seen(call, id, true)?.ok_or_else(|| coded("ACCESS_DENIED", words))?;
    let site = page.int("siteId").unwrap_or(0);
    access::require(call, site, Op::Edit, words)?;
    let mut values = usual(call, &given, site)?;
    if let Some(other) = given.get("SITE_ID").and_then(Value::as_int).filter(|other| *other != site) {
        require_site(call, other)?;
        access::require(call, site, Op::Delete, words)?;
        values.push("SITE_ID", other);
        if values.get("FOLDER_ID").is_none() {
            values.push("FOLDER_ID", Value::Null);
        }
    }
    if given.get("DATE_PUBLIC").is_some() {
        access::require(call, site, Op::Public, words)?;
        values.push("DATE_PUBLIC", given.get("DATE_PUBLIC").cloned().unwrap_or_default());
    }
    if let Some(deleted) = given.get("DELETED").map(letter) {
        marks::require_deletable(call, &page, deleted == "Y")?;
        values.push("DELETED", deleted);
        values.push("ACTIVE", "N");
        values.push("PUBLIC", "N");
    }
    if let Some(fields) = additional::given(&given, Some(&page))? {
        values.push("ADDITIONAL_FIELDS", fields);
    }
    amend(call, id, &values)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = reach(call, id, true, Op::Delete, "Access to delete the page is denied.")?;
    noun::clear(call, &PAGE, &[("id", page.number.into())])?;
    Ok(true.into())
}
