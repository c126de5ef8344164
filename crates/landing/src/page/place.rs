//! Where pages are: addresses, copies and moves.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, optional, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::{PAGE, amend, find};
use crate::access::{self, Op, may};
use crate::block;
use crate::refusal::{coded, flag, key, no_page};
use crate::show;
use crate::site::{FOLDER, SITE, chain};
use crate::{SCOPE, of_page};

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| {
        of_page(method)
            .param(optional("toSiteId", method::Kind::Int, "Site; that of the page when it is left out"))
            .param(optional("toFolderId", method::Kind::Int, "Folder; 0 for none"))
    };
    vec![
        one(write("landing.landing.copy", SCOPE, copy))
            .about("Copies a page with its blocks and returns the ID of the copy.")
            .param(optional("skipSystem", method::Kind::Flag, "The copy is no system page"))
            .example(json!({"lid": 1}), json!("*")),
        one(write("landing.landing.move", SCOPE, relocate))
            .about("Moves a page to another site or folder.")
            .example(json!({"lid": 2, "toFolderId": 1}), json!(true)),
    ]
}

/// The path of a page from the root of its site.
///
/// # Errors
/// Those of the store.
pub fn path(call: &mut Call<'_, '_>, site: &Row, page: &Row) -> Result<String> {
    let mut path = "/".to_owned();
    let folders = chain(call, page.int("folderId").unwrap_or(0))?;
    for folder in folders.iter().rev() {
        path.push_str(folder.text("code"));
        path.push('/');
    }
    let index = match folders.first() {
        Some(folder) => folder.int("indexId"),
        None => site.int("landingIdIndex"),
    };
    if index != Some(page.number) && page.text("rule").is_empty() {
        path.push_str(page.text("code"));
        path.push('/');
    }
    Ok(path)
}

/// Refuses a page that is none of the site.
///
/// # Errors
/// `LANDING_NOT_EXIST`
pub fn require_on(call: &mut Call<'_, '_>, page: i64, site: i64) -> Result<()> {
    let sql = "SELECT 1 FROM landing_page WHERE id = ? AND site_id = ?";
    match call.tx.one(sql, &[page.into(), site.into()], |row| row.int(0))? {
        Some(_) => Ok(()),
        None => Err(no_page().into()),
    }
}

/// The site that a call names, or that of the page.
fn target(call: &mut Call<'_, '_>, page: &Row) -> Result<i64> {
    let own = page.int("siteId").unwrap_or(0);
    let site = call.param("toSiteId").and_then(Value::as_int).filter(|site| *site > 0).unwrap_or(own);
    if noun::again(call, &SITE, site)?.is_none() {
        return Err(coded("SITE_NOT_FOUND", "Site not found").into());
    }
    access::require(call, site, Op::Edit, "Access to create the page is denied.")?;
    Ok(site)
}

fn folder(call: &mut Call<'_, '_>, site: i64) -> Result<Option<i64>> {
    let named = call.param("toFolderId").and_then(Value::as_int).unwrap_or(0);
    let folder = noun::again(call, &FOLDER, named)?.filter(|folder| folder.int("siteId") == Some(site));
    Ok(folder.map(|folder| folder.number))
}

fn copy(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = find(call, id, true)?;
    let site = target(call, &page)?;
    let folder = folder(call, site)?;
    let skips = flag(call.param("skipSystem")).unwrap_or(false);
    let mut values = Map::new();
    for name in ["title", "code", "description", "xmlId", "rule", "sitemap", "folder", "tplCode"] {
        if !page.text(name).is_empty() {
            values.push(engine::noun::column(name).to_ascii_uppercase(), page.text(name));
        }
    }
    values.push("SITE_ID", site);
    values.push("FOLDER_ID", folder);
    values.push("TPL_ID", page.int("tplId"));
    values.push("SYS", if skips { "N" } else { page.text("sys") });
    values.push("ADDITIONAL_FIELDS", show::json(&page, "additionalFields"));
    let made = noun::put(call, &PAGE, &values)?.number;
    block::copy_all(call, page.number, made)?;
    Ok(made.into())
}

fn relocate(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = find(call, id, false)?;
    let own = page.int("siteId").unwrap_or(0);
    let site = target(call, &page)?;
    if !may(call, own, Op::Delete)? {
        return Err(coded("DELETE_ACCESS_DENIED", "Access to delete the page is denied.").into());
    }
    // A folder is looked for on the site where the page is.
    let named = call.param("toFolderId").and_then(Value::as_int).unwrap_or(0);
    let folder = folder(call, own)?.filter(|_| site == own);
    if named > 0 && folder.is_none() {
        return Err(coded("FOLDER_NOT_FOUND", "Folder not found").into());
    }
    amend(call, id, &Map::from([("FOLDER_ID", folder.into()), ("SITE_ID", site.into())]))?;
    if site != own {
        leave(call, id, own)?;
    }
    Ok(true.into())
}

/// A page that goes elsewhere plays no part in the site that it leaves.
fn leave(call: &mut Call<'_, '_>, page: i64, site: i64) -> Result<()> {
    for sql in [
        "DELETE FROM landing_syspage WHERE landing_id = ? AND site_id = ?",
        "UPDATE landing_site SET landing_id_index = NULL WHERE landing_id_index = ? AND id = ?",
        "UPDATE landing_site SET landing_id404 = NULL WHERE landing_id404 = ? AND id = ?",
        "UPDATE landing_site SET landing_id503 = NULL WHERE landing_id503 = ? AND id = ?",
        "UPDATE landing_folder SET index_id = NULL WHERE index_id = ? AND site_id = ?",
        "DELETE FROM landing_area WHERE landing_id = ? AND entity_type = 'S' AND entity_id = ?",
    ] {
        call.tx.execute(sql, &[page.into(), site.into()])?;
    }
    Ok(())
}
