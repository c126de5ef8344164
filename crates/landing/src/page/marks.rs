//! The trash, and publication: the draft's blocks become those that are read.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{self, Method, optional, write};
use serde_json::json;
use wire::{Map, Value};

use super::{amend, reach, seen};
use crate::access::{self, Op};
use crate::refusal::{coded, key, marks};
use crate::{SCOPE, block, of_page, site};

const WORDS: &str = "Access to delete the page is denied.";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        of_page(write("landing.landing.markDelete", SCOPE, |call| mark_deleted(call, None)))
            .about("Puts a page into the trash, where it is not published, and returns its ID.")
            .param(optional("mark", method::Kind::Flag, "false takes it out of the trash"))
            .destroys()
            .example(json!({"lid": 2}), json!(2)),
        of_page(write("landing.landing.markUnDelete", SCOPE, |call| mark_deleted(call, Some(false))))
            .about("Takes a page out of the trash and returns its ID.")
            .example(json!({"lid": 2}), json!(2)),
        of_page(write("landing.landing.publication", SCOPE, publish))
            .about("Publishes a page as its draft is, with the folders above it and its site.")
            .example(json!({"lid": 1}), json!(true)),
        of_page(write("landing.landing.unpublic", SCOPE, hide))
            .about("Hides a page.")
            .example(json!({"lid": 1}), json!(true)),
    ]
}

fn mark_deleted(call: &mut Call<'_, '_>, mark: Option<bool>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = seen(call, id, true)?.ok_or_else(|| coded("ACCESS_DENIED", WORDS))?;
    let deleted = marks(call, mark);
    require_deletable(call, &page, deleted)?;
    amend(
        call,
        id,
        &Map::from([("DELETED", yes_no(deleted).into()), ("ACTIVE", "N".into()), ("PUBLIC", "N".into())]),
    )?;
    Ok(id.into())
}

/// Refuses to put the main page of a site into the trash before the others, and a page that fills an area of a template;
/// and what the caller may not put there or take from there.
///
/// # Errors
/// `ACCESS_DENIED`, `CANT_DELETE_MAIN`, `UNABLE_DELETE_INCLUDE`
pub fn require_deletable(call: &mut Call<'_, '_>, page: &Row, deleted: bool) -> Result<()> {
    let site = page.int("siteId").unwrap_or(0);
    access::require(call, site, Op::Delete, WORDS)?;
    if !deleted {
        return Ok(());
    }
    let sql = "SELECT 1 FROM landing_site s WHERE s.id = ? AND s.landing_id_index = ? AND EXISTS \
               (SELECT 1 FROM landing_page p WHERE p.site_id = s.id AND p.deleted = 'N' AND p.id <> s.landing_id_index)";
    if call.tx.one(sql, &[site.into(), page.number.into()], |row| row.int(0))?.is_some() {
        let text = "The main page of the site cannot be deleted while there are other pages.";
        return Err(coded("CANT_DELETE_MAIN", text).into());
    }
    let sql = "SELECT 1 FROM landing_area WHERE landing_id = ?";
    if call.tx.one(sql, &[page.number.into()], |row| row.int(0))?.is_some() {
        return Err(coded("UNABLE_DELETE_INCLUDE", "An area of a template cannot be deleted.").into());
    }
    Ok(())
}

fn publish(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = reach(call, id, false, Op::Public, "Publishing access to the page is denied.")?;
    make_public(call, &page)?;
    Ok(true.into())
}

/// Publishes a page that the caller may publish.
///
/// # Errors
/// Those of the store.
pub fn make_public(call: &mut Call<'_, '_>, page: &Row) -> Result<()> {
    let id = page.number;
    block::publish(call, id)?;
    let mut shown = Map::from([("ACTIVE", "Y".into()), ("PUBLIC", "Y".into())]);
    shown.push("DATE_PUBLIC", call.now.seconds());
    amend(call, id, &shown)?;
    if let Some(folder) = page.int("folderId") {
        site::activate(call, folder, true)?;
    }
    site::amend(call, page.int("siteId").unwrap_or(0), &Map::from([("ACTIVE", "Y".into())]))
}

fn hide(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    reach(call, id, false, Op::Public, "Publishing access to the page is denied.")?;
    amend(call, id, &Map::from([("ACTIVE", "N".into()), ("PUBLIC", "N".into())]))?;
    Ok(true.into())
}

/// Publishes the active pages of a site, or hides all of them.
///
/// # Errors
/// Those of the store.
pub fn show_all(call: &mut Call<'_, '_>, site: i64, public: bool) -> Result<()> {
    if !public {
        call.tx.execute("UPDATE landing_page SET public = 'N' WHERE site_id = ?", &[site.into()])?;
        return Ok(());
    }
    let sql = "SELECT id FROM landing_page WHERE site_id = ? AND active = 'Y' AND deleted = 'N' ORDER BY id";
    for id in call.tx.all(sql, &[site.into()], |row| row.int(0))? {
        block::publish(call, id)?;
        let mut shown = Map::from([("PUBLIC", "Y".into())]);
        shown.push("DATE_PUBLIC", call.now.seconds());
        amend(call, id, &shown)?;
    }
    Ok(())
}
